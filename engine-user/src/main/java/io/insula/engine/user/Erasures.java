package io.insula.engine.user;

import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/**
 * Removes what is left of erased users, in small parts. Their names went first; what is left is known by keys that are
 * never given to anybody again. Used by the writer's thread.
 */
final class Erasures {
    private static final int BITE_ROWS = 256;
    private static final List<String> TABLES = List.of(
            "events", "messages", "texts", "scripts", "carries", "requests", "runs", "threads", "attachments");

    private final JournalConnection connection;
    private boolean some;

    Erasures(JournalConnection connection) throws SQLException {
        this.connection = connection;
        this.some = connection.number("select count(*) from erasures") > 0;
    }

    boolean isEmpty() {
        return !some;
    }

    void added() {
        some = true;
    }

    /** Removes a part. */
    void bite() throws SQLException {
        Optional<Long> key = connection.first("select key from erasures limit 1", row -> row.getLong(1));
        if (key.isEmpty()) {
            some = false;
            return;
        }
        int left = BITE_ROWS;
        for (String table : TABLES) {
            left -= connection.update(
                    "delete from " + table + " where rowid in (select rowid from " + table
                            + " where user = ? limit ?)",
                    key.get(),
                    left);
            if (left == 0) {
                return;
            }
        }
        connection.update("delete from erasures where key = ?", key.get());
    }
}
