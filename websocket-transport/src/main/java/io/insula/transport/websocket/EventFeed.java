package io.insula.transport.websocket;

import io.insula.engine.api.EventBatch;
import io.insula.engine.api.EventSubscription;
import io.insula.engine.api.RefusedException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The subscription of a connection, from which its outbox takes events when it has room. Safe for any number of
 * threads, of which one at a time may take.
 */
final class EventFeed {
    private final EventTelling telling;
    private final TransportLimits.Connections limits;
    private final TransportCounts counts;
    private final Object lock = new Object();
    /** Guarded by lock. */
    private @Nullable EventSubscription subscription;
    /** Guarded by lock. */
    private boolean closed;

    EventFeed(Surroundings surroundings, EventTelling telling) {
        this.telling = telling;
        limits = surroundings.limits().connections();
        counts = surroundings.counts();
    }

    boolean isOpen() {
        synchronized (lock) {
            return subscription != null;
        }
    }

    /** Takes the subscription over; closes it at once if the connection has ended meanwhile. */
    void open(EventSubscription opened) {
        boolean tooLate;
        synchronized (lock) {
            tooLate = closed;
            if (!tooLate) {
                subscription = opened;
            }
        }
        if (tooLate) {
            opened.close();
        }
    }

    /** What is to be said of the next events, perhaps nothing; empty if there are none. May wait for storage. */
    Optional<byte[]> take(int maxBytes) {
        EventSubscription current;
        synchronized (lock) {
            current = subscription;
        }
        if (current == null) {
            return Optional.empty();
        }
        try {
            EventBatch batch = current.poll(limits.eventsPerMessage(), maxBytes);
            counts.events(batch.events().size());
            return batch.events().isEmpty() ? Optional.empty() : Optional.of(telling.events(batch));
        } catch (RefusedException why) {
            end();
            return Optional.of(telling.ended(why));
        }
    }

    /** Whether nothing more comes, ever. Asked by the thread that takes. */
    boolean isOver() {
        return telling.isOver();
    }

    /** Ends what there is, for good. */
    void close() {
        synchronized (lock) {
            closed = true;
        }
        end();
    }

    private void end() {
        EventSubscription ended;
        synchronized (lock) {
            ended = subscription;
            subscription = null;
        }
        if (ended != null) {
            ended.close();
        }
    }
}
