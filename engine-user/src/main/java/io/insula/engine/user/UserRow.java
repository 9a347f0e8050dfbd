package io.insula.engine.user;

import io.insula.agent.UserId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;

/** What the journal's file keeps of a user in one row, while the writer's thread changes it. */
final class UserRow {
    private static final String COLUMNS = "key, epoch, head, start, event_bytes, oldest, last_run, uses, threads, runs,"
            + " requests, attachments, attachment_bytes, text_bytes";

    final long key;
    final String epoch;
    long head;
    long start;
    long eventBytes;
    /** When the oldest event kept was written, in nanoseconds since 1970. */
    long oldest;

    long lastRun;
    long uses;
    long threads;
    long runs;
    long requests;
    long attachments;
    long attachmentBytes;
    long textBytes;

    private UserRow(ResultSet row) throws SQLException {
        int column = 1;
        key = row.getLong(column++);
        epoch = row.getString(column++);
        head = row.getLong(column++);
        start = row.getLong(column++);
        eventBytes = row.getLong(column++);
        oldest = row.getLong(column++);
        lastRun = row.getLong(column++);
        uses = row.getLong(column++);
        threads = row.getLong(column++);
        runs = row.getLong(column++);
        requests = row.getLong(column++);
        attachments = row.getLong(column++);
        attachmentBytes = row.getLong(column++);
        textBytes = row.getLong(column);
    }

    private UserRow(UserRow other) {
        key = other.key;
        epoch = other.epoch;
        set(other);
    }

    UserRow copy() {
        return new UserRow(this);
    }

    /** Takes over what may change. */
    void set(UserRow other) {
        head = other.head;
        start = other.start;
        eventBytes = other.eventBytes;
        oldest = other.oldest;
        lastRun = other.lastRun;
        uses = other.uses;
        threads = other.threads;
        runs = other.runs;
        requests = other.requests;
        attachments = other.attachments;
        attachmentBytes = other.attachmentBytes;
        textBytes = other.textBytes;
    }

    static Optional<UserRow> load(JournalConnection connection, UserId user) throws SQLException {
        return connection.first(
                "select " + COLUMNS + " from users where issuer = ? and subject = ?",
                UserRow::new,
                user.issuer(),
                user.subject());
    }

    static Optional<UserRow> load(JournalConnection connection, long key) throws SQLException {
        return connection.first("select " + COLUMNS + " from users where key = ?", UserRow::new, key);
    }

    static void create(JournalConnection connection, UserId user, String epoch) throws SQLException {
        connection.update(
                "insert into users (issuer, subject, epoch, head, start, event_bytes, oldest, last_run, uses, threads,"
                        + " runs, requests, attachments, attachment_bytes, text_bytes)"
                        + " values (?, ?, ?, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)",
                user.issuer(),
                user.subject(),
                epoch);
    }

    void save(JournalConnection connection) throws SQLException {
        connection.update(
                "update users set head = ?, start = ?, event_bytes = ?, oldest = ?, last_run = ?, uses = ?, threads = ?,"
                        + " runs = ?, requests = ?, attachments = ?, attachment_bytes = ?, text_bytes = ?"
                        + " where key = ?",
                head,
                start,
                eventBytes,
                oldest,
                lastRun,
                uses,
                threads,
                runs,
                requests,
                attachments,
                attachmentBytes,
                textBytes,
                key);
    }

    /** Saves what changes when nothing but events was written. */
    void saveEvents(JournalConnection connection) throws SQLException {
        connection.update(
                "update users set head = ?, start = ?, event_bytes = ?, oldest = ? where key = ?",
                head,
                start,
                eventBytes,
                oldest,
                key);
    }

    EventJournal.Appended place() {
        return new EventJournal.Appended(epoch, head);
    }

    boolean hasEvents() {
        return start <= head;
    }
}
