package io.insula.engine.user;

import java.sql.SQLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How the journal's file is opened for writing: looked through each time, and brought up to date the first time. */
final class JournalOpening {
    private static final Logger LOG = LoggerFactory.getLogger(JournalOpening.class);
    /** Files up to this size are looked through when they are opened; larger ones by the doctor. */
    private static final long CHECKED_BYTES = 1L << 30;

    private final JournalFile file;
    private final EngineLimits.User limits;

    JournalOpening(JournalFile file, EngineLimits.User limits) {
        this.file = file;
        this.limits = limits;
    }

    /** Makes a connection into an open journal. */
    @FunctionalInterface
    private interface Preparation<E extends Exception> {
        OpenJournal of(JournalConnection connection) throws SQLException, JournalTroubleException, E;
    }

    /**
     * Makes the file if there is none, and brings it to this program's version.
     *
     * @param identity makes new epochs, in a file that is a restored copy
     * @throws JournalTroubleException if that cannot be done or the file is damaged
     * @throws JournalVersionException if a newer program wrote it
     */
    OpenJournal first(JournalSchema schema, Identity identity)
            throws JournalTroubleException, JournalVersionException {
        file.make();
        return open(connection -> {
            schema.migrate(connection);
            OpenJournal open = check(connection);
            changeEpochsIfRestored(connection, identity);
            return open;
        });
    }

    /**
     * Opens the file after it has failed.
     *
     * @param batch the number of the last batch that was begun
     * @param mayComeBack whether that batch may yet be found in the file although it is not there now; it is kept from
     *     that
     */
    OpenJournal again(long batch, boolean mayComeBack) throws JournalTroubleException {
        return this.<RuntimeException>open(connection -> {
            OpenJournal open = check(connection);
            if (open.lastBatch() != batch && mayComeBack) {
                connection.update("update journal set batch = ?", batch + 1);
            }
            return open;
        });
    }

    private <E extends Exception> OpenJournal open(Preparation<E> preparation) throws JournalTroubleException, E {
        JournalConnection connection = file.openForWriting();
        boolean opened = false;
        try {
            OpenJournal open = preparation.of(connection);
            opened = true;
            return open;
        } catch (SQLException e) {
            throw file.trouble(e);
        } finally {
            if (!opened) {
                OpenJournal.close(connection);
            }
        }
    }

    private OpenJournal check(JournalConnection connection) throws SQLException, JournalTroubleException {
        long pageBytes = connection.number("pragma page_size");
        if (pageBytes * connection.number("pragma page_count") <= CHECKED_BYTES) {
            String found =
                    connection.first("pragma quick_check(1)", row -> row.getString(1)).orElse("nothing");
            if (!found.equals("ok")) {
                throw new JournalTroubleException(
                        JournalTrouble.CORRUPTED, "The journal " + file.path() + " is damaged: " + found);
            }
        }
        EventTable events = new EventTable(connection, limits);
        UserRows rows = new UserRows(connection);
        return new OpenJournal(
                connection, rows, events, new Retention(connection, rows, events), new Erasures(connection), pageBytes,
                connection.number("select batch from journal"));
    }

    private static void changeEpochsIfRestored(JournalConnection connection, Identity identity) throws SQLException {
        if (connection.number("select restored from journal") == 0) {
            return;
        }
        connection.update("begin immediate");
        for (long key : connection.list("select key from users", row -> row.getLong(1))) {
            connection.update("update users set epoch = ? where key = ?", identity.next(), key);
        }
        connection.update("update journal set restored = 0");
        connection.update("commit");
        LOG.info("journal is a restored copy: every log has a new epoch");
    }
}
