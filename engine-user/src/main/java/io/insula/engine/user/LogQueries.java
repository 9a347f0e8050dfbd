package io.insula.engine.user;

import io.insula.agent.UserId;
import io.insula.engine.api.RunView;
import io.insula.engine.api.Snapshot;
import io.insula.engine.api.ThreadSummary;
import io.insula.engine.api.UserEvent;
import io.insula.engine.user.EventJournal.LogBounds;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What is asked about a user's events in the journal's file, alone or together with the records. */
final class LogQueries {
    private static final LogBounds NONE = new LogBounds("", 1, 0);

    private final JournalReaders readers;

    LogQueries(JournalReaders readers) {
        this.readers = readers;
    }

    /** A user's log, and the user's key. */
    private record Log(long key, LogBounds bounds) {}

    private static Optional<Log> log(JournalConnection connection, UserId user) throws SQLException {
        return connection.first(
                "select key, epoch, start, head from users where issuer = ? and subject = ?",
                row -> new Log(row.getLong(1), new LogBounds(row.getString(2), row.getLong(3), row.getLong(4))),
                user.issuer(),
                user.subject());
    }

    LogBounds bounds(UserId user) {
        return readers.read(connection -> log(connection, user).map(Log::bounds).orElse(NONE));
    }

    boolean hasLog(UserId user) {
        return readers.read(connection -> log(connection, user).isPresent());
    }

    List<UserEvent> read(UserId user, long after, int maxEvents, int maxBytes) {
        Reading reading = new Reading(after, maxEvents, maxBytes);
        // In one statement, so that what it finds and where the log starts are of one moment.
        return readers.read(connection -> {
            connection.each(
                    "select u.start, e.first, e.body from users u join events e on e.user = u.key"
                            + " where u.issuer = ?1 and u.subject = ?2 and e.last > ?3 and e.first >= coalesce("
                            + "(select max(first) from events where user = u.key and first <= ?3 + 1), 0)"
                            + " order by e.first",
                    row -> reading.wantsMoreThan(
                            row.getLong(1), EventRow.decode(row.getLong(2), row.getBytes(3))),
                    user.issuer(),
                    user.subject(),
                    Math.min(after, Long.MAX_VALUE - 1));
            return reading.found;
        });
    }

    /** Takes events until it has enough. */
    private static final class Reading {
        final List<UserEvent> found = new ArrayList<>();
        private final long after;
        private final int maxEvents;
        private final int maxBytes;
        private long bytes;

        Reading(long after, int maxEvents, int maxBytes) {
            this.after = after;
            this.maxEvents = maxEvents;
            this.maxBytes = maxBytes;
        }

        boolean wantsMoreThan(long start, List<UserEvent> row) {
            for (UserEvent event : row) {
                if (found.size() >= maxEvents || bytes >= maxBytes) {
                    return false;
                }
                if (event.sequence() > after && event.sequence() >= start) {
                    found.add(event);
                    bytes += event.json().length();
                }
            }
            return found.size() < maxEvents && bytes < maxBytes;
        }
    }

    Snapshot snapshot(UserId user, int threads) {
        return readers.readAtOnce(connection -> {
            Optional<Log> log = log(connection, user);
            if (log.isEmpty()) {
                return new Snapshot(NONE.position(), List.of(), List.of());
            }
            List<ThreadSummary> latest = connection.list(
                    "select " + RecordRows.SUMMARY + " from threads t where t.user = ? order by t.used desc limit ?",
                    RecordRows::summary,
                    log.get().key(),
                    threads);
            List<RunView> open = connection.list(
                    "select " + RecordRows.RUN
                            + " from runs r where r.user = ? and r.unfinished = 1 order by r.ordinal",
                    row -> RecordRows.run(row).view(),
                    log.get().key());
            return new Snapshot(log.get().bounds().position(), latest, open);
        });
    }

    LogBounds visit(UserId user, JournalVisitor visitor) throws IOException {
        return readers.<LogBounds, IOException>readLong(connection -> {
            Optional<Log> log = log(connection, user);
            if (log.isEmpty()) {
                return NONE;
            }
            show(connection, log.get(), visitor);
            return log.get().bounds();
        });
    }

    private static void show(JournalConnection connection, Log log, JournalVisitor visitor)
            throws SQLException, IOException {
        long key = log.key();
        each(connection, RecordRows.THREAD + " from threads t where t.user = ? order by t.used", key,
                row -> visitor.thread(RecordRows.thread(row)));
        each(connection,
                RecordRows.MESSAGE + " from threads t join messages m on m.user = t.user and m.thread = t.id"
                        + " where t.user = ? order by t.used, m.ordinal, m.idx",
                key, row -> visitor.message(RecordRows.message(row)));
        each(connection, RecordRows.RUN + " from runs r where r.user = ? order by r.ordinal", key,
                row -> visitor.run(RecordRows.run(row)));
        each(connection, RecordRows.REQUEST + " from requests q where q.user = ? order by q.rowid", key,
                row -> visitor.request(RecordRows.request(row, log.bounds().epoch())));
        each(connection, RecordRows.ATTACHMENT + " from attachments a where a.user = ? order by a.rowid", key,
                row -> visitor.attachment(RecordRows.attachment(row)));
        each(connection, "plugin, name, text from texts where user = ? order by plugin, name", key,
                row -> visitor.text(
                        new RecordChange.StoreKey(row.getString(1), row.getString(2)), row.getString(3)));
        each(connection, "first, body from events where user = ? order by first", key, row -> {
            for (UserEvent event : EventRow.decode(row.getLong(1), row.getBytes(2))) {
                if (event.sequence() >= log.bounds().start()) {
                    visitor.event(event);
                }
            }
        });
    }

    /** Shows a row to a visitor. */
    @FunctionalInterface
    private interface Shown {
        void row(java.sql.ResultSet row) throws SQLException, IOException;
    }

    private static void each(JournalConnection connection, String columnsAndTables, long key, Shown shown)
            throws SQLException, IOException {
        connection.<IOException>each(
                "select " + columnsAndTables,
                row -> {
                    shown.row(row);
                    return true;
                },
                key);
    }
}
