package io.insula.engine.user;

import io.insula.agent.RunId;
import io.insula.engine.api.UserEvent;
import io.insula.engine.user.JournalAppend.EventDraft;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The events in the journal's file. Used by the writer's thread. */
final class EventTable {
    /** Events of one row, and their characters; the event that reaches them is the last. */
    private static final int ROW_EVENTS = 512;

    private static final int ROW_CHARACTERS = 256 << 10;
    /** Rows that are forgotten at once. */
    private static final int BITE_ROWS = 64;
    /** Of a hundred events so many may be there over the limit, so that not every append forgets some. */
    private static final int SLACK = 100;

    private final JournalConnection connection;
    private final EngineLimits.User limits;

    EventTable(JournalConnection connection, EngineLimits.User limits) {
        this.connection = connection;
        this.limits = limits;
    }

    /** Writes events behind the others; the user's row counts them already. */
    void write(UserRow user, List<EventDraft> events, Instant at) throws SQLException {
        long first = user.head - events.size() + 1;
        List<EventDraft> row = new ArrayList<>();
        int characters = 0;
        for (EventDraft event : events) {
            row.add(event);
            characters += event.json().length();
            if (row.size() == ROW_EVENTS || characters >= ROW_CHARACTERS) {
                first = writeRow(user, first, row, at);
                row.clear();
                characters = 0;
            }
        }
        if (!row.isEmpty()) {
            writeRow(user, first, row, at);
        }
    }

    private long writeRow(UserRow user, long first, List<EventDraft> events, Instant at) throws SQLException {
        long next = first + events.size();
        if (first == user.start) {
            user.oldest = JournalTimestamp.of(at);
        }
        connection.update(
                "insert into events (user, first, last, at, body) values (?, ?, ?, ?, ?)",
                user.key,
                first,
                next - 1,
                JournalTimestamp.of(at),
                EventRow.encode(events));
        return next;
    }

    /** Whether so much is kept that some is to be forgotten. */
    boolean isOver(UserRow user, Instant now) {
        return user.hasEvents()
                && (isOverCount(user, limits.eventsKept() / SLACK)
                        || isOverSize(user, limits.eventBytesKept() / SLACK)
                        || user.oldest < oldest(now));
    }

    private boolean isOverCount(UserRow user, long slack) {
        return user.head - user.start + 1 > limits.eventsKept() + slack;
    }

    private boolean isOverSize(UserRow user, long slack) {
        return user.eventBytes > limits.eventBytesKept() + slack;
    }

    private long oldest(Instant now) {
        Duration age = limits.eventsAge();
        return JournalTimestamp.of(now.minus(age));
    }

    /** What came of forgetting. */
    sealed interface Forgot {
        /** There is more to forget. */
        record Some() implements Forgot {}

        /** All within the limits. */
        record Enough() implements Forgot {}

        /** What is next belongs to a run that has not ended. */
        record Held(RunId by) implements Forgot {}
    }

    /** Forgets the oldest events over the limits, up to the first event of a run that has not ended. */
    Forgot forget(UserRow user, Instant now) throws SQLException {
        Set<String> unfinished = new HashSet<>(connection.list(
                "select id from runs where user = ? and unfinished = 1", row -> row.getString(1), user.key));
        Bite bite = new Bite(user, oldest(now), unfinished);
        connection.each(
                "select first, at, body from events where user = ? order by first limit ?",
                row -> bite.wantsMoreThan(
                        row.getLong(1), row.getLong(2), row.getBytes(3)),
                user.key,
                BITE_ROWS);
        connection.update("delete from events where user = ? and last < ?", user.key, user.start);
        user.oldest = connection
                .first(
                        "select at from events where user = ? order by first limit 1",
                        row -> row.getLong(1),
                        user.key)
                .orElse(0L);
        return bite.result();
    }

    /** Goes through rows, and moves the user's start over what is to be forgotten. */
    private final class Bite {
        private final UserRow user;
        private final long oldest;
        private final Set<String> unfinished;
        private boolean enough;
        private Optional<RunId> held = Optional.empty();

        Bite(UserRow user, long oldest, Set<String> unfinished) {
            this.user = user;
            this.oldest = oldest;
            this.unfinished = unfinished;
        }

        boolean wantsMoreThan(long first, long at, byte[] body) {
            for (UserEvent event : EventRow.decode(first, body)) {
                if (event.sequence() < user.start) {
                    continue;
                }
                if (!isOverCount(user, 0) && !isOverSize(user, 0) && at >= oldest) {
                    enough = true;
                    return false;
                }
                if (unfinished.contains(event.run().value())) {
                    held = Optional.of(event.run());
                    return false;
                }
                user.start = event.sequence() + 1;
                user.eventBytes -= event.json().length();
            }
            return true;
        }

        Forgot result() {
            if (held.isPresent()) {
                return new Forgot.Held(held.get());
            }
            return enough || !user.hasEvents() ? new Forgot.Enough() : new Forgot.Some();
        }
    }
}
