package io.insula.engine.user;

import io.insula.agent.UserId;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The rows of the users who wrote last, so that not every turn begins with reading one. They are as the writer's
 * transaction has them; who takes that back throws all of this away.
 */
final class UserRows {
    private static final int MOST = 4_096;

    private final JournalConnection connection;
    private final Map<UserId, UserRow> rows = new LinkedHashMap<>(16, 0.75f, true);
    private final Map<Long, UserId> users = new HashMap<>();

    UserRows(JournalConnection connection) {
        this.connection = connection;
    }

    Optional<UserRow> find(UserId user) throws SQLException {
        UserRow known = rows.get(user);
        if (known != null) {
            return Optional.of(known);
        }
        Optional<UserRow> found = UserRow.load(connection, user);
        if (found.isPresent()) {
            rows.put(user, found.get());
            users.put(found.get().key, user);
            dropOldest();
        }
        return found;
    }

    private void dropOldest() {
        if (rows.size() > MOST) {
            Iterator<UserRow> oldest = rows.values().iterator();
            users.remove(oldest.next().key);
            oldest.remove();
        }
    }

    /** The row of the user with this key. */
    Optional<UserRow> find(long key) throws SQLException {
        UserId user = users.get(key);
        return user == null ? UserRow.load(connection, key) : Optional.ofNullable(rows.get(user));
    }

    /** The row is gone. */
    void remove(UserId user) {
        UserRow gone = rows.remove(user);
        if (gone != null) {
            users.remove(gone.key);
        }
    }
}
