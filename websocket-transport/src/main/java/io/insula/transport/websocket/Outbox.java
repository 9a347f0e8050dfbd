package io.insula.transport.websocket;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.websocket.core.CoreSession;
import org.eclipse.jetty.websocket.core.Frame;
import org.eclipse.jetty.websocket.core.OpCode;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What waits to be sent on one connection. Replies wait here, within a limit; events wait in the user's log, from where
 * they are taken only when the socket has taken all before them. So a client that does not read costs its own outbox
 * and nothing else.
 *
 * <p>Sending is a chain of steps: a step collects replies, then events, hands them to the socket with one flush, and the
 * socket's callback begins the next. There is at most one step at a time, and no thread waits between them. Every method
 * returns without blocking and is safe for any number of threads.
 */
final class Outbox {
    private static final Logger LOG = LoggerFactory.getLogger(Outbox.class);

    private final Surroundings surroundings;
    private final TransportLimits.Connections limits;
    private final EventFeed feed;
    private final String connection;

    private final Object lock = new Object();
    // Guarded by lock, down to the next comment.
    private final ArrayDeque<byte[]> replies = new ArrayDeque<>();
    /** Bytes of replies not yet taken by the socket. */
    private long waitingBytes;
    /** Whether a step is scheduled, at work, or waiting for the socket. */
    private boolean working;
    private boolean eventsAvailable;
    private boolean sending;
    private long sendingSinceNanos;
    private @Nullable CoreSession session;
    private @Nullable CloseReason closing;
    private long closingSinceNanos;
    private boolean closeSent;

    Outbox(Surroundings surroundings, String connection) {
        this.surroundings = surroundings;
        this.limits = surroundings.limits().connections();
        this.feed = new EventFeed(surroundings);
        this.connection = connection;
    }

    EventFeed feed() {
        return feed;
    }

    /** Begins to send. */
    void open(CoreSession opened) {
        boolean begin;
        synchronized (lock) {
            session = opened;
            begin = beginStep();
        }
        if (begin) {
            schedule();
        }
    }

    /** Appends a reply; closes the connection as a slow consumer if there is no room. Dropped when it is closing. */
    void offer(byte[] reply) {
        boolean begin = false;
        boolean full = false;
        synchronized (lock) {
            if (closing != null) {
                return;
            }
            full = waitingBytes > 0 && waitingBytes + reply.length > limits.outboxBytes();
            if (!full) {
                replies.add(reply);
                waitingBytes += reply.length;
                begin = beginStep();
            }
        }
        if (full) {
            closeNow(CloseReason.SLOW_CONSUMER);
        }
        if (begin) {
            schedule();
        }
    }

    /** There may be events to take. */
    void eventsAvailable() {
        boolean begin;
        synchronized (lock) {
            eventsAvailable = true;
            begin = beginStep();
        }
        if (begin) {
            schedule();
        }
    }

    /** Closes after the replies that wait; the first reason counts. */
    void close(CloseReason why) {
        boolean begin;
        synchronized (lock) {
            if (closing != null) {
                return;
            }
            closing = why;
            closingSinceNanos = surroundings.nanoTime().getAsLong();
            begin = beginStep();
        }
        if (begin) {
            schedule();
        }
    }

    /** Closes without sending what waits. */
    void closeNow(CloseReason why) {
        close(why);
        synchronized (lock) {
            replies.clear();
        }
        sendClose();
    }

    /** Drops what waits and sends nothing more: the connection has ended. */
    void discard() {
        synchronized (lock) {
            closing = closing == null ? CloseReason.GOING_AWAY : closing;
            closeSent = true;
            replies.clear();
        }
    }

    boolean isClosing() {
        synchronized (lock) {
            return closing != null;
        }
    }

    /** Looks whether the socket still takes what it is given, and whether closing takes too long. */
    void check(long nowNanos) {
        boolean stuck;
        CoreSession late;
        synchronized (lock) {
            TransportLimits.Times times = surroundings.limits().times();
            stuck = closing == null && sending && nowNanos - sendingSinceNanos > times.progress().toNanos();
            boolean over = closing != null && nowNanos - closingSinceNanos > times.cut().toNanos();
            late = over ? session : null;
        }
        if (stuck) {
            closeNow(CloseReason.SLOW_CONSUMER);
        }
        if (late != null) {
            late.abort();
        }
    }

    /** Marks a step as begun, if there is something for it and none is at work; called with the lock. */
    private boolean beginStep() {
        boolean begin = !working && session != null && (!replies.isEmpty() || eventsAvailable || closing != null);
        working |= begin;
        return begin;
    }

    private void schedule() {
        try {
            surroundings.executor().execute(this::run);
        } catch (RejectedExecutionException e) {
            // The transport has been stopped under this connection; nobody is left who could send.
            abort();
        }
    }

    private void run() {
        try {
            boolean goOn = true;
            while (goOn) {
                goOn = step();
            }
        } catch (Throwable failure) {
            LOG.error("outbox_failed connection={} failure={}", connection, FailureTrace.of(failure));
            closeNow(CloseReason.INTERNAL_ERROR);
        }
    }

    /** Sends what fits into one flush; returns whether the socket has taken it, so that the next step can follow. */
    private boolean step() {
        List<byte[]> batch = new ArrayList<>();
        long bytes;
        boolean takeEvents;
        boolean last;
        synchronized (lock) {
            bytes = takeReplies(batch);
            last = closing != null && batch.isEmpty();
            takeEvents = closing == null && eventsAvailable && bytes < limits.eventsBytes();
            if (takeEvents) {
                eventsAvailable = false;
            }
            // After the last step it stays at work for ever, so that none follows.
            working = !batch.isEmpty() || takeEvents || last;
        }
        if (last) {
            sendClose();
            return false;
        }
        if (takeEvents) {
            Optional<byte[]> events = feed.take(limits.eventsBytes() - (int) bytes);
            if (events.isPresent()) {
                batch.add(events.get());
                synchronized (lock) {
                    eventsAvailable = true;
                }
            }
        }
        if (batch.isEmpty()) {
            return takeEvents;
        }
        return send(batch, bytes);
    }

    private long takeReplies(List<byte[]> batch) {
        long bytes = 0;
        while (!replies.isEmpty() && (batch.isEmpty() || bytes + replies.peek().length <= limits.eventsBytes())) {
            byte[] reply = replies.remove();
            bytes += reply.length;
            batch.add(reply);
        }
        return bytes;
    }

    /** Once. */
    private void sendClose() {
        CoreSession open;
        CloseReason why;
        synchronized (lock) {
            open = closeSent ? null : session;
            why = closing;
            closeSent |= open != null;
        }
        if (open != null && why != null) {
            open.close(why.code(), why.text(), Callback.NOOP);
        }
    }

    private boolean send(List<byte[]> batch, long replyBytes) {
        CoreSession open;
        synchronized (lock) {
            open = session;
            sending = true;
            sendingSinceNanos = surroundings.nanoTime().getAsLong();
        }
        if (open == null) {
            return false;
        }
        var taken = new Taken(replyBytes);
        for (int i = 0; i < batch.size() - 1; i++) {
            open.sendFrame(text(batch.get(i)), Callback.NOOP, true);
        }
        open.sendFrame(text(batch.getLast()), taken, false);
        return taken.isTakenAlready();
    }

    private static Frame text(byte[] utf8) {
        return new Frame(OpCode.TEXT, true, ByteBuffer.wrap(utf8));
    }

    private void abort() {
        CoreSession open;
        synchronized (lock) {
            open = session;
        }
        if (open != null) {
            open.abort();
        }
    }

    /** Called back when the socket has taken the last frame of a step, often before the step itself returns. */
    private final class Taken implements Callback {
        private enum State {
            SENDING, TAKEN, LEFT, FAILED
        }

        private final AtomicReference<State> state = new AtomicReference<>(State.SENDING);
        private final long replyBytes;

        Taken(long replyBytes) {
            this.replyBytes = replyBytes;
        }

        /** Whether the step can go on itself; otherwise the callback will. */
        boolean isTakenAlready() {
            return !state.compareAndSet(State.SENDING, State.LEFT) && state.get() == State.TAKEN;
        }

        @Override
        public void succeeded() {
            synchronized (lock) {
                sending = false;
                waitingBytes -= replyBytes;
            }
            if (!state.compareAndSet(State.SENDING, State.TAKEN)) {
                schedule();
            }
        }

        @Override
        public void failed(Throwable cause) {
            state.set(State.FAILED);
            abort();
        }

        @Override
        public InvocationType getInvocationType() {
            return InvocationType.NON_BLOCKING;
        }
    }
}
