package io.insula.engine.user;

import io.insula.agent.Attachment;
import io.insula.agent.UserId;
import io.insula.engine.api.UserEvent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.function.Consumer;

/** Looks through what the journal's file keeps of one user. */
final class UserCheck {
    private final JournalConnection connection;
    private final AttachmentFolder attachments;
    private final UserId user;
    private final UserRow row;
    private final Consumer<String> found;
    /** The sequence that comes next, and the characters of those before that are kept. */
    private long next;

    private long characters;

    UserCheck(
            JournalConnection connection,
            AttachmentFolder attachments,
            UserId user,
            UserRow row,
            Consumer<String> found) {
        this.connection = connection;
        this.attachments = attachments;
        this.user = user;
        this.row = row;
        this.found = found;
    }

    void run() throws SQLException, IOException {
        checkEvents();
        checkCounters();
        checkRecords();
        checkFiles();
    }

    private void checkEvents() throws SQLException {
        next = row.start;
        connection.each(
                "select first, last, body from events where user = ? order by first",
                events -> {
                    checkRow(events.getLong(1), events.getLong(2), events.getBytes(3));
                    return true;
                },
                row.key);
        if (next != row.head + 1) {
            found.accept("The events end before " + next + ", and the log says that the last is " + row.head + ".");
        }
        if (characters != row.eventBytes) {
            found.accept("The events have " + characters + " characters, and the log says " + row.eventBytes + ".");
        }
    }

    private void checkRow(long first, long last, byte[] body) {
        if (first > next) {
            found.accept("Events from " + next + " to " + (first - 1) + " are missing.");
        }
        try {
            List<UserEvent> events = EventRow.decode(first, body);
            if (events.size() != last - first + 1) {
                found.accept("The row of events " + first + " to " + last + " holds " + events.size() + ".");
            }
            events.stream()
                    .filter(event -> event.sequence() >= row.start)
                    .forEach(event -> characters += event.json().length());
        } catch (IllegalArgumentException e) {
            found.accept("The row of events " + first + " to " + last + " cannot be read: " + e.getMessage() + ".");
        }
        next = last + 1;
    }

    private void checkCounters() throws SQLException {
        check("threads", row.threads, "select count(*) from threads where user = ?");
        check("runs", row.runs, "select count(*) from runs where user = ?");
        check("requests", row.requests, "select count(*) from requests where user = ?");
        check("attachments", row.attachments, "select count(*) from attachments where user = ?");
        check(
                "bytes of attachments",
                row.attachmentBytes,
                "select coalesce(sum(bytes), 0) from attachments where user = ?");
        check(
                "bytes of texts",
                row.textBytes,
                "select coalesce(sum(length(cast(name as blob)) + length(cast(text as blob))), 0) from texts"
                        + " where user = ?");
        expectNone(
                "threads that count their messages wrongly",
                "select count(*) from threads t where t.user = ? and t.messages <>"
                        + " (select count(*) from messages m where m.user = t.user and m.thread = t.id)");
        expectNone(
                "runs behind the last one", "select count(*) from runs where user = ? and ordinal > " + row.lastRun);
        expectNone(
                "requests with a receipt from the future",
                "select count(*) from requests where user = ? and sequence > " + row.head);
        expectNone(
                "messages of threads that are not there",
                "select count(*) from messages m where m.user = ? and not exists"
                        + " (select 1 from threads t where t.user = m.user and t.id = m.thread)");
        expectNone(
                "unfinished runs without what they need to go on",
                "select count(*) from runs r where r.user = ? and r.unfinished = 1 and not exists"
                        + " (select 1 from carries c where c.user = r.user and c.run = r.id)");
    }

    private void check(String what, long counted, String sql) throws SQLException {
        long there = connection.number(sql, row.key);
        if (there != counted) {
            found.accept("There are " + there + " " + what + ", and the log says " + counted + ".");
        }
    }

    private void expectNone(String what, String sql) throws SQLException {
        long there = connection.number(sql, row.key);
        if (there > 0) {
            found.accept("There are " + what + ": " + there + ".");
        }
    }

    private void checkRecords() throws SQLException {
        read("run", RecordRows.RUN + " from runs r where r.user = ?", RecordRows::run);
        read("message", RecordRows.MESSAGE + " from messages m where m.user = ?", RecordRows::message);
        read("request", RecordRows.REQUEST + " from requests q where q.user = ?",
                request -> RecordRows.request(request, row.epoch));
        read("carry", "body from carries where user = ?", carry -> CarryJson.decode(carry.getString(1)));
    }

    private <T> void read(String what, String columnsAndTable, JournalConnection.Row<T> reading) throws SQLException {
        connection.each(
                "select " + columnsAndTable,
                record -> {
                    try {
                        reading.read(record);
                    } catch (IllegalArgumentException e) {
                        found.accept("A " + what + " cannot be read: " + e.getMessage() + ".");
                    }
                    return true;
                },
                row.key);
    }

    private void checkFiles() throws SQLException, IOException {
        Path home = attachments.home(user);
        List<Attachment> known = connection.list(
                "select " + RecordRows.ATTACHMENT + " from attachments a where a.user = ?",
                RecordRows::attachment,
                row.key);
        for (Attachment attachment : known) {
            Path content = home.resolve(AttachmentFolder.fileName(attachment.id()));
            if (!Files.exists(content)) {
                found.accept("The file of attachment " + attachment.id() + " is missing.");
            } else if (Files.size(content) != attachment.bytes()) {
                found.accept("The file of attachment " + attachment.id() + " has " + Files.size(content)
                        + " bytes, and its record says " + attachment.bytes() + ".");
            }
        }
    }
}
