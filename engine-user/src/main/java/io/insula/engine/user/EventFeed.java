package io.insula.engine.user;

import io.insula.agent.UserId;
import io.insula.engine.api.ErrorCode;
import io.insula.engine.api.EventBatch;
import io.insula.engine.api.EventSubscription;
import io.insula.engine.api.Position;
import io.insula.engine.api.RefusedException;
import io.insula.engine.api.SubscribeFrom;
import io.insula.engine.api.UserEvent;
import io.insula.engine.user.EventJournal.LogBounds;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The readers of one user's log. What they read comes from the journal, so nobody sees what is not durable. */
final class EventFeed {
    private static final Logger LOG = LoggerFactory.getLogger(EventFeed.class);

    private final UserId user;
    private final EventJournal journal;
    private final List<Reader> readers = new CopyOnWriteArrayList<>();

    EventFeed(UserId user, EventJournal journal) {
        this.user = user;
        this.journal = journal;
    }

    EventSubscription subscribe(SubscribeFrom from, Runnable available) throws RefusedException {
        Reader reader = new Reader(start(from), available);
        readers.add(reader);
        return reader;
    }

    private Position start(SubscribeFrom from) throws RefusedException {
        LogBounds bounds = journal.bounds(user);
        return switch (from) {
            case SubscribeFrom.Start start -> bounds.earliest();
            case SubscribeFrom.Now now -> bounds.position();
            case SubscribeFrom.After(Position position) -> check(position, bounds);
        };
    }

    private static Position check(Position position, LogBounds bounds) throws RefusedException {
        if (!position.epoch().equals(bounds.epoch())) {
            throw RefusedException.resumeFrom(
                    ErrorCode.EPOCH_UNKNOWN,
                    "There is no log with this epoch. Take a snapshot and follow from its position.",
                    bounds.position());
        }
        if (position.sequence() > bounds.head()) {
            throw RefusedException.resumeFrom(
                    ErrorCode.POSITION_FUTURE,
                    "The log ends before this position. Take a snapshot and follow from its position.",
                    bounds.position());
        }
        if (position.sequence() < bounds.start() - 1) {
            throw trimmed(bounds);
        }
        return position;
    }

    private static RefusedException trimmed(LogBounds bounds) {
        return RefusedException.resumeFrom(
                ErrorCode.POSITION_TRIMMED,
                "Events behind this position are no longer kept. Take a snapshot and follow from its position.",
                bounds.position());
    }

    /** Tells every reader that there is more. Called without any lock. */
    void published() {
        for (Reader reader : readers) {
            try {
                reader.available.run();
            } catch (Throwable failure) {
                // One broken reader must not keep the news from the others.
                LOG.error("reader failed and is dropped", failure);
                reader.close();
            }
        }
    }

    /** Whether every reader has been given what there is. May wait for storage. */
    boolean isReadToTheEnd() {
        if (readers.isEmpty()) {
            return true;
        }
        long head = journal.bounds(user).head();
        return readers.stream().allMatch(reader -> reader.at >= head);
    }

    void closeAll() {
        readers.forEach(Reader::close);
    }

    private final class Reader implements EventSubscription {
        private final Position from;
        private final Runnable available;
        private volatile boolean closed;
        /** The last event read; set by the polling thread alone. */
        private volatile long at;

        Reader(Position from, Runnable available) {
            this.from = from;
            this.available = available;
            this.at = from.sequence();
        }

        @Override
        public Position from() {
            return from;
        }

        @Override
        public EventBatch poll(int maxEvents, int maxBytes) throws RefusedException {
            if (closed) {
                return new EventBatch(from.epoch(), List.of());
            }
            List<UserEvent> events = journal.read(user, at, maxEvents, maxBytes);
            // Closed while it read, the log may already have been another one, after an erase.
            if (events.isEmpty() || closed) {
                return new EventBatch(from.epoch(), List.of());
            }
            if (events.getFirst().sequence() != at + 1) {
                close();
                throw trimmed(journal.bounds(user));
            }
            at = events.getLast().sequence();
            return new EventBatch(from.epoch(), events);
        }

        @Override
        public void close() {
            closed = true;
            readers.remove(this);
        }
    }
}
