package io.insula.engine.user;

import java.sql.SQLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The journal's file between an opening for writing and its end. Used by the writer's thread alone.
 *
 * @param connection which writes
 * @param rows of users
 * @param events of users
 * @param retention what is to be forgotten
 * @param erasures what is left of erased users
 * @param pageBytes size of a page
 * @param lastBatch the number of the last batch in the file when it was opened
 */
record OpenJournal(
        JournalConnection connection,
        UserRows rows,
        EventTable events,
        Retention retention,
        Erasures erasures,
        long pageBytes,
        long lastBatch) {
    private static final Logger LOG = LoggerFactory.getLogger(OpenJournal.class);

    /** Bytes of everything that is kept. */
    long keptBytes() throws SQLException {
        long pages = connection.number("pragma page_count") - connection.number("pragma freelist_count");
        return pages * pageBytes;
    }

    void close() {
        close(connection);
    }

    /** Closes a connection; if that fails nothing can be done, and nothing is lost. */
    static void close(JournalConnection connection) {
        try {
            connection.close();
        } catch (SQLException e) {
            LOG.warn("journal could not be closed", e);
        }
    }
}
