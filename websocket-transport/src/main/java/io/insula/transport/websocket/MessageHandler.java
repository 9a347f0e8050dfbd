package io.insula.transport.websocket;

import io.insula.engine.api.ErrorCode;
import io.insula.engine.api.EventSubscription;
import io.insula.engine.api.Page;
import io.insula.engine.api.PageRequest;
import io.insula.engine.api.RefusedException;
import io.insula.engine.api.UserExecutionEngine;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does what the messages of one connection ask for, with the one engine it was given. Handles one message at a time, in
 * the order they came; replies follow when the engine has decided.
 */
final class MessageHandler {
    private static final Logger LOG = LoggerFactory.getLogger(MessageHandler.class);

    private final Surroundings surroundings;
    private final ServerMessages messages;
    private final UserExecutionEngine engine;
    private final Outbox outbox;
    private final TokenBucket rate;
    private final TokenBucket pings;
    private final ConnectionToken token;
    private final String connection;
    /** Belongs to the thread that handles the connection's frames. */
    private int refusedInARow;

    MessageHandler(
            Surroundings surroundings,
            UserExecutionEngine engine,
            Outbox outbox,
            TokenBucket rate,
            TokenBucket pings,
            ConnectionToken token,
            String connection) {
        this.surroundings = surroundings;
        this.messages = surroundings.messages();
        this.engine = engine;
        this.outbox = outbox;
        this.rate = rate;
        this.pings = pings;
        this.token = token;
        this.connection = connection;
    }

    void handle(String text) {
        ClientMessage message;
        try {
            message = surroundings.reader().read(text);
        } catch (UnreadableMessage e) {
            rate.take(surroundings.nanoTime().getAsLong());
            refuseInARow(e.id(), new RefusedException(e.code(), e.getMessage()));
            return;
        }
        surroundings.counts().message();
        if (message instanceof ClientMessage.Ping ping) {
            pong(ping);
            return;
        }
        Duration wait = rate.take(surroundings.nanoTime().getAsLong());
        if (!wait.isZero()) {
            // Rounded up: a client that waits as long as it was told must not be refused again.
            Duration told = Duration.ofMillis(wait.toMillis() + 1);
            refuseInARow(
                    Optional.of(message.id()),
                    RefusedException.retryAfter(
                            ErrorCode.RATE_LIMITED, "You send faster than allowed; wait, then go on.", told));
            return;
        }
        refusedInARow = 0;
        try {
            act(message);
        } catch (RefusedException why) {
            refuse(message.id(), why);
        }
    }

    private void act(ClientMessage message) throws RefusedException {
        String id = message.id();
        switch (message) {
            case ClientMessage.RunStart start -> replyWhenDone(id, engine.submit(start.request()),
                    receipt -> messages.accepted(id, receipt));
            case ClientMessage.RunCancel cancel -> replyWhenDone(id, engine.cancel(cancel.run()),
                    run -> messages.run(id, run));
            case ClientMessage.RunAnswer answer -> replyWhenDone(id, engine.answer(answer.request()),
                    receipt -> messages.accepted(id, receipt));
            case ClientMessage.ThreadRename rename -> replyWhenDone(
                    id, engine.rename(rename.thread(), rename.title()), thread -> messages.threadSummary(id, thread));
            case ClientMessage.ThreadDelete delete -> replyWhenDone(id, engine.delete(delete.thread()),
                    thread -> messages.deleted(id, thread));
            case ClientMessage.ThreadFork fork -> replyWhenDone(
                    id,
                    engine.fork(fork.thread(), fork.message(), fork.newThread()),
                    thread -> messages.threadSummary(id, thread));
            case ClientMessage.RunRead read -> outbox.offer(messages.run(id, engine.run(read.run())));
            case ClientMessage.RunsList list -> replyPage(list.page(), engine::runs, page -> messages.runs(id, page));
            case ClientMessage.ThreadsList list -> replyPage(list.page(), engine::threads,
                    page -> messages.threads(id, page));
            case ClientMessage.ThreadRead read -> replyPage(
                    read.page(),
                    page -> engine.messages(read.thread(), page),
                    page -> messages.threadMessages(id, page));
            case ClientMessage.ReadSnapshot snapshot -> outbox.offer(messages.snapshot(id, engine.snapshot()));
            case ClientMessage.Subscribe subscribe -> subscribe(subscribe);
            case ClientMessage.TokenRefresh refresh -> outbox.offer(
                    messages.tokenRefreshed(id, token.refresh(refresh.token())));
            case ClientMessage.Ping ping -> pong(ping);
        }
    }

    private void pong(ClientMessage.Ping ping) {
        if (pings.take(surroundings.nanoTime().getAsLong()).isZero()) {
            outbox.offer(messages.pong(ping.id()));
        } else {
            outbox.close(CloseReason.POLICY);
        }
    }

    /** The reply goes into the outbox before the feed opens, so that no event can come before it. */
    private void subscribe(ClientMessage.Subscribe subscribe) throws RefusedException {
        if (outbox.feed().isOpen()) {
            throw new RefusedException(
                    ErrorCode.ALREADY_SUBSCRIBED, "This connection is subscribed already; it has one subscription.");
        }
        EventSubscription subscription = engine.subscribe(subscribe.from(), outbox::eventsAvailable);
        outbox.offer(messages.subscribed(subscribe.id(), subscription.from()));
        outbox.feed().open(subscription);
        outbox.eventsAvailable();
    }

    private <T> void replyPage(PageRequest asked, Pages.Source<T> source, Function<Page<T>, byte[]> write)
            throws RefusedException {
        outbox.offer(Pages.write(surroundings.limits(), asked, source, write));
    }

    private <T> void replyWhenDone(String id, CompletionStage<T> stage, Function<T, byte[]> write) {
        stage.whenComplete((value, failure) -> {
            if (failure != null) {
                replyFailure(id, failure);
                return;
            }
            try {
                outbox.offer(write.apply(value));
            } catch (RuntimeException | Error e) {
                replyFailure(id, e);
            }
        });
    }

    private void replyFailure(String id, Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        if (cause instanceof RefusedException why) {
            refuse(id, why);
            return;
        }
        LOG.error("message_failed connection={} failure={}", connection, FailureTrace.of(cause));
        refuse(
                id,
                new RefusedException(
                        ErrorCode.INTERNAL,
                        "Something went wrong inside. Ask the operator about connection " + connection + "."));
    }

    private void refuse(String id, RefusedException why) {
        surroundings.counts().refused(why.code());
        outbox.offer(messages.refused(Optional.of(id), why));
    }

    private void refuseInARow(Optional<String> id, RefusedException why) {
        surroundings.counts().refused(why.code());
        outbox.offer(messages.refused(id, why));
        refusedInARow++;
        if (refusedInARow >= surroundings.limits().messages().refusedInARow()) {
            outbox.close(CloseReason.POLICY);
        }
    }
}
