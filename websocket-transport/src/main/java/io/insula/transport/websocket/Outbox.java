package io.insula.transport.websocket;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
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
    // Guarded by lock, as everything below.
    private final WaitingReplies replies;
    /** Whether a step is scheduled, at work, or waiting for the socket. */
    private boolean working;
    private boolean eventsAvailable;
    private boolean sending;
    private long sendingSinceNanos;
    private @Nullable Peer peer;
    private @Nullable CloseReason closing;
    private long closingSinceNanos;
    private boolean closeSent;

    Outbox(Surroundings surroundings, String connection, EventTelling telling) {
        this.surroundings = surroundings;
        this.limits = surroundings.limits().connections();
        this.feed = new EventFeed(surroundings, telling);
        this.replies = new WaitingReplies(limits.outboxBytes());
        this.connection = connection;
    }

    EventFeed feed() {
        return feed;
    }

    /** Begins to send. */
    void open(Peer opened) {
        boolean begin;
        synchronized (lock) {
            peer = opened;
            begin = beginStep();
        }
        if (begin) {
            schedule();
        }
    }

    /** Appends a reply; closes the connection as a slow consumer if there is no room. Dropped when it is closing. */
    void offer(byte[] reply) {
        boolean begin;
        boolean full;
        synchronized (lock) {
            if (closing != null) {
                return;
            }
            full = !replies.offer(reply);
            begin = !full && beginStep();
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
    Optional<CloseReason> discard() {
        synchronized (lock) {
            Optional<CloseReason> why = Optional.ofNullable(closing);
            closing = closing == null ? CloseReason.GOING_AWAY : closing;
            closeSent = true;
            replies.clear();
            return why;
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
        Peer late;
        synchronized (lock) {
            TransportLimits.Times times = surroundings.limits().times();
            stuck = closing == null && sending && nowNanos - sendingSinceNanos > times.progress().toNanos();
            boolean over = closing != null && nowNanos - closingSinceNanos > times.cut().toNanos();
            late = over ? peer : null;
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
        boolean begin = !working && peer != null && (!replies.isEmpty() || eventsAvailable || closing != null);
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
            bytes = replies.moveTo(batch, limits.eventsBytes());
            last = closing != null && batch.isEmpty();
            // Looked at here, under the lock: whoever opens the feed has offered the reply to it before, so it goes first.
            takeEvents = closing == null
                    && eventsAvailable
                    && replies.isEmpty()
                    && bytes < limits.eventsBytes()
                    && feed.isOpen();
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
                if (events.get().length > 0) {
                    batch.add(events.get());
                }
                synchronized (lock) {
                    eventsAvailable = true;
                }
            }
            if (feed.isOver()) {
                close(CloseReason.OVER);
            }
        }
        if (batch.isEmpty()) {
            return takeEvents;
        }
        return send(batch, bytes);
    }

    /** Once. */
    private void sendClose() {
        Peer open;
        CloseReason why;
        synchronized (lock) {
            open = closeSent ? null : peer;
            why = closing;
            closeSent |= open != null;
        }
        if (open != null && why != null) {
            open.close(why);
        }
    }

    private boolean send(List<byte[]> batch, long replyBytes) {
        Peer open;
        synchronized (lock) {
            open = peer;
            sending = true;
            sendingSinceNanos = surroundings.nanoTime().getAsLong();
        }
        if (open == null) {
            return false;
        }
        return new SocketFlush(() -> taken(replyBytes), this::schedule, this::abort).send(batch, open);
    }

    private void taken(long replyBytes) {
        synchronized (lock) {
            sending = false;
            replies.taken(replyBytes);
        }
    }

    private void abort() {
        Peer open;
        synchronized (lock) {
            open = peer;
        }
        if (open != null) {
            open.abort();
        }
    }
}
