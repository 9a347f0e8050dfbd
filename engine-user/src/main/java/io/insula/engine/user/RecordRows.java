package io.insula.engine.user;

import io.insula.agent.Attachment;
import io.insula.agent.AttachmentId;
import io.insula.agent.ConversationMessage;
import io.insula.agent.RunId;
import io.insula.agent.ThreadId;
import io.insula.engine.api.Position;
import io.insula.engine.api.Receipt;
import io.insula.engine.api.RunState;
import io.insula.engine.api.ThreadSummary;
import java.nio.ByteBuffer;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/** Reads records from rows of the journal's file. Each method tells the columns that it reads from. */
final class RecordRows {
    static final String THREAD = "t.id, t.title, t.agent, t.created, t.updated";
    /** Also reads whether a run of the thread has not ended, and the thread's place in the order of use. */
    static final String SUMMARY = THREAD
            + ", exists (select 1 from runs r where r.user = t.user and r.unfinished = 1 and r.thread = t.id), t.used";
    static final String RUN =
            "r.id, r.thread, r.ordinal, r.agent, r.state, r.code, r.accepted, r.started, r.ended, r.questions";
    static final String MESSAGE =
            "m.ordinal, m.idx, m.id, m.thread, m.run, m.role, m.agent, m.text, m.attachments, m.at";
    static final String REQUEST = "q.id, q.body, q.run, q.thread, q.sequence";
    static final String ATTACHMENT = "a.id, a.name, a.media_type, a.bytes";

    private RecordRows() {}

    static ThreadRecord thread(ResultSet row) throws SQLException {
        return new ThreadRecord(
                new ThreadId(row.getString(1)), row.getString(2), row.getString(3), time(row, 4), time(row, 5));
    }

    static ThreadSummary summary(ResultSet row) throws SQLException {
        ThreadRecord thread = thread(row);
        return new ThreadSummary(
                thread.id(),
                thread.title(),
                thread.agent(),
                thread.createdAt(),
                thread.updatedAt(),
                row.getBoolean(6));
    }

    static RunRecord run(ResultSet row) throws SQLException {
        return new RunRecord(
                new RunId(row.getString(1)),
                new ThreadId(row.getString(2)),
                row.getLong(3),
                row.getString(4),
                RunState.valueOf(row.getString(5)),
                Optional.ofNullable(row.getString(6)),
                time(row, 7),
                optionalTime(row, 8),
                optionalTime(row, 9),
                QuestionsJson.decode(row.getString(10)));
    }

    static MessageRecord message(ResultSet row) throws SQLException {
        return new MessageRecord(
                new MessageRecord.Key(row.getLong(1), row.getInt(2)),
                row.getString(3),
                new ThreadId(row.getString(4)),
                new RunId(row.getString(5)),
                ConversationMessage.Role.valueOf(row.getString(6)),
                row.getString(7),
                row.getString(8),
                AttachmentsJson.decode(row.getString(9)),
                time(row, 10));
    }

    static RequestRecord request(ResultSet row, String epoch) throws SQLException {
        ByteBuffer id = ByteBuffer.wrap(row.getBytes(1));
        return new RequestRecord(
                new UUID(id.getLong(), id.getLong()),
                BodyJson.decode(row.getString(2)),
                new Receipt(
                        new RunId(row.getString(3)),
                        new ThreadId(row.getString(4)),
                        new Position(epoch, row.getLong(5))));
    }

    static Attachment attachment(ResultSet row) throws SQLException {
        return new Attachment(
                new AttachmentId(row.getString(1)), row.getString(2), row.getString(3), row.getLong(4));
    }

    private static Instant time(ResultSet row, int column) throws SQLException {
        return JournalTimestamp.of(row.getLong(column));
    }

    private static Optional<Instant> optionalTime(ResultSet row, int column) throws SQLException {
        long nanos = row.getLong(column);
        return row.wasNull() ? Optional.empty() : Optional.of(JournalTimestamp.of(nanos));
    }
}
