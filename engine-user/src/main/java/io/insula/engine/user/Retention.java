package io.insula.engine.user;

import io.insula.agent.RunId;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Forgets events that are over a user's limits, a few users and a few rows at a time. Used by the writer's thread.
 *
 * <p>Users who write are looked at when they do; all others in turn, since what they have grows old too.
 */
final class Retention {
    private static final Logger LOG = LoggerFactory.getLogger(Retention.class);
    /** Users whose events are forgotten, and users who are looked at, in one go. */
    private static final int BITE_USERS = 8;

    private static final int LOOK_USERS = 256;

    private final JournalConnection connection;
    private final UserRows rows;
    private final EventTable events;
    private final Set<Long> due = new LinkedHashSet<>();
    /** Users over their limits, and the run that is in the way of forgetting. */
    private final Map<Long, RunId> held = new HashMap<>();
    /** How far the round over all users has come; none is under way if it is empty. */
    private Optional<Long> lookedAt = Optional.empty();

    Retention(JournalConnection connection, UserRows rows, EventTable events) {
        this.connection = connection;
        this.rows = rows;
        this.events = events;
    }

    /** The user's row was written. */
    void written(UserRow user, Instant now) {
        if (events.isOver(user, now) && !held.containsKey(user.key)) {
            due.add(user.key);
        }
    }

    /** A run of the user has ended. */
    void ended(long user, RunId run) {
        if (held.remove(user, run)) {
            due.add(user);
        }
    }

    /** The user is gone. */
    void erased(long user) {
        due.remove(user);
        held.remove(user);
    }

    /** Begins a round over all users. */
    void look() {
        if (lookedAt.isEmpty()) {
            lookedAt = Optional.of(0L);
        }
    }

    boolean hasMore() {
        return !due.isEmpty() || lookedAt.isPresent();
    }

    /** Does a part. */
    void bite(Instant now) throws SQLException {
        if (due.isEmpty() && lookedAt.isPresent()) {
            lookOn(lookedAt.get(), now);
        }
        for (int i = 0; i < BITE_USERS && !due.isEmpty(); i++) {
            Iterator<Long> next = due.iterator();
            long key = next.next();
            next.remove();
            Optional<UserRow> user = rows.find(key);
            if (user.isPresent()) {
                forget(user.get(), now);
            }
        }
    }

    private void forget(UserRow user, Instant now) throws SQLException {
        EventTable.Forgot forgot;
        try {
            forgot = events.forget(user, now);
        } catch (IllegalArgumentException damaged) {
            // One user's damaged row is no reason to stop forgetting for all.
            LOG.error("events cannot be forgotten because they cannot be read user={}", user.key, damaged);
            return;
        }
        user.save(connection);
        switch (forgot) {
            case EventTable.Forgot.Some some -> due.add(user.key);
            case EventTable.Forgot.Enough enough -> held.remove(user.key);
            case EventTable.Forgot.Held(RunId by) -> held.put(user.key, by);
        }
    }

    private void lookOn(long after, Instant now) throws SQLException {
        List<Long> keys = connection.list(
                "select key from users where key > ? order by key limit ?", row -> row.getLong(1), after, LOOK_USERS);
        for (long key : keys) {
            Optional<UserRow> user = rows.find(key);
            if (user.isPresent()) {
                written(user.get(), now);
            }
        }
        lookedAt = keys.size() < LOOK_USERS ? Optional.empty() : Optional.of(keys.getLast());
    }
}
