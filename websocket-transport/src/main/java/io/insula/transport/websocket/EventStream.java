package io.insula.transport.websocket;

import io.insula.agent.UserId;
import io.insula.engine.api.ErrorCode;
import io.insula.engine.api.EventSubscription;
import io.insula.engine.api.RefusedException;
import io.insula.engine.api.SubscribeFrom;
import io.insula.engine.api.UserExecutionEngine;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.Supplier;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A response of server-sent events to one user: a connection of the user like a WebSocket, on which the user says
 * nothing. It is made when the request has been read, holds the user's engine from then on, and gives back everything
 * once, however it ends. No thread waits for it.
 */
final class EventStream implements LiveConnection {
    private static final Logger LOG = LoggerFactory.getLogger(EventStream.class);

    /**
     * What is said on a stream.
     *
     * @param telling how events are told
     * @param engineEnded what is said when the engine ends, before the farewell
     * @param farewell what is said last
     */
    record Language(
            EventTelling telling, Function<ErrorCode, byte[]> engineEnded, Function<CloseReason, byte[]> farewell) {}

    private final Surroundings surroundings;
    private final ClientConnection.Admission admission;
    private final LiveConnections live;
    private final Language language;
    private final Outbox outbox;
    private final AtomicBoolean ended = new AtomicBoolean();
    private volatile Supplier<CompletionStage<?>> whenGone = () -> CompletableFuture.completedStage(null);
    /** Belongs to the heartbeat's thread. */
    private long keptAliveNanos;

    /** Makes one that counts among the live connections from now on, until {@link #end}. */
    EventStream(
            Surroundings surroundings, ClientConnection.Admission admission, LiveConnections live, Language language) {
        this.surroundings = surroundings;
        this.admission = admission;
        this.live = live;
        this.language = language;
        outbox = new Outbox(surroundings, admission.id(), language.telling());
        keptAliveNanos = surroundings.nanoTime().getAsLong();
        live.add(this);
    }

    UserExecutionEngine engine() {
        return admission.lease().engine();
    }

    /** What is done if the peer goes away before all is said. */
    void whenGone(Supplier<CompletionStage<?>> action) {
        whenGone = action;
    }

    /** Begins to follow the log; nothing is said before {@link #open}. May wait for storage. */
    EventSubscription subscribe(SubscribeFrom from) throws RefusedException {
        EventSubscription subscription = engine().subscribe(from, outbox::eventsAvailable);
        outbox.feed().open(subscription);
        return subscription;
    }

    /** Begins the response. From now on the stream ends by itself. */
    void open(Response response, Callback callback, byte[] first) {
        Request request = response.getRequest();
        Request.addCompletionListener(request, failure -> end());
        response.setStatus(HttpStatus.OK_200);
        HttpFields.Mutable headers = response.getHeaders();
        headers.put(HttpHeader.CONTENT_TYPE, "text/event-stream");
        // The socket is of no more use: whatever comes from the peer ends the stream.
        headers.put(HttpHeader.CONNECTION, "close");
        if (request.getConnectionMetaData().getHttpVersion() == HttpVersion.HTTP_1_1) {
            // Else the end of the socket would be the end of the stream, and a broken one look whole.
            headers.put(HttpHeader.TRANSFER_ENCODING, "chunked");
        }
        // For proxies that would hold back events until there are more.
        headers.put("X-Accel-Buffering", "no");
        request.getConnectionMetaData().getConnection().getEndPoint().setIdleTimeout(0);
        LOG.debug("stream_opened connection={}", admission.id());
        var peer = new StreamPeer(response, callback, language.farewell());
        outbox.offer(first);
        outbox.open(peer);
        outbox.eventsAvailable();
        peer.watch();
        admission.lease().ended().thenAccept(why -> {
            outbox.offer(language.engineEnded().apply(why));
            outbox.close(CloseReason.ofEnd(why));
        });
    }

    @Override
    public void beat(long nowNanos, Instant now) {
        if (admission.token().hasEnded(now)) {
            outbox.close(CloseReason.TOKEN_EXPIRED);
        }
        if (admission.token().isRevoked()) {
            outbox.close(CloseReason.TOKEN_REVOKED);
        }
        if (nowNanos - keptAliveNanos >= surroundings.limits().times().ping().toNanos()) {
            keptAliveNanos = nowNanos;
            outbox.offer(ServerSentEvents.keepalive());
        }
        outbox.check(nowNanos);
    }

    @Override
    public boolean isOf(UserId user) {
        return admission.place().user().equals(user);
    }

    @Override
    public void close(CloseReason why) {
        outbox.close(why);
    }

    @Override
    public void end() {
        if (!ended.compareAndSet(false, true)) {
            return;
        }
        LOG.debug("stream_closed connection={}", admission.id());
        // Whoever was told a reason was sent away by us.
        CompletionStage<?> last = outbox.isClosing() ? CompletableFuture.completedStage(null) : whenGone.get();
        last.whenComplete((done, failure) -> live.release(this, admission, outbox));
    }
}
