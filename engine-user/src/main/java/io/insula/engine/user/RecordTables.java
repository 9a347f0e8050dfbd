package io.insula.engine.user;

import io.insula.agent.Attachment;
import io.insula.agent.RunId;
import io.insula.agent.ThreadId;
import io.insula.engine.user.EventJournal.JournalException;
import io.insula.engine.user.EventJournal.RequestKnownException;
import io.insula.engine.user.EventJournal.ThreadsFullException;
import java.nio.ByteBuffer;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/** Makes the changes of one user's append to the tables of the journal's file. Used by the writer's thread. */
final class RecordTables {
    /** How many requests one append forgets at most; the others follow with the next ones. */
    private static final int FORGOTTEN_AT_ONCE = 16;

    /** Of the run that is the second value, by the user who is the first. */
    private static final String HAS_NOT_ENDED =
            "not exists (select 1 from runs where user = ?1 and id = ?2 and unfinished = 0)";

    private final JournalConnection connection;
    private final EngineLimits.User limits;
    private final UserRow user;

    RecordTables(JournalConnection connection, EngineLimits.User limits, UserRow user) {
        this.connection = connection;
        this.limits = limits;
        this.user = user;
    }

    static byte[] bytes(UUID id) {
        return ByteBuffer.allocate(16)
                .putLong(id.getMostSignificantBits())
                .putLong(id.getLeastSignificantBits())
                .array();
    }

    /**
     * Makes one change.
     *
     * @param place where the append will stand
     * @throws JournalException if it must not be made; what it has changed by then is to be taken back
     */
    void apply(RecordChange change, EventJournal.Appended place, Instant now) throws SQLException, JournalException {
        switch (change) {
            case RecordChange.ThreadUsed used -> use(used);
            case RecordChange.ThreadRenamed(ThreadId thread, String title) -> connection.update(
                    "update threads set title = ? where user = ? and id = ?", title, user.key, thread.value());
            case RecordChange.ThreadDeleted(ThreadId thread) -> delete(thread);
            case RecordChange.RunSaved(RunRecord run) -> save(run);
            case RecordChange.RunCarried(RunId run, RunCarry carry) -> carry(run, carry);
            case RecordChange.Scripted(RunId run, ScriptEntry entry) -> script(run, entry);
            case RecordChange.ThreadForked forked -> fork(forked);
            case RecordChange.MessageSaved(MessageRecord message) -> save(message);
            case RecordChange.MessagesHidden hidden -> hide(hidden);
            case RecordChange.RequestAccepted accepted -> accept(accepted, place, now);
            case RecordChange.AttachmentSaved(Attachment attachment) -> save(attachment);
            case RecordChange.TextKept(RecordChange.StoreKey key, String text) -> keep(key, text);
            case RecordChange.TextForgotten(RecordChange.StoreKey key) -> forget(key);
        }
    }

    private boolean hasThread(ThreadId thread) throws SQLException {
        return connection.number("select 1 from threads where user = ? and id = ?", user.key, thread.value()) == 1;
    }

    private void use(RecordChange.ThreadUsed used) throws SQLException, ThreadsFullException {
        user.uses++;
        int known = connection.update(
                "update threads set agent = ?, updated = ?, used = ? where user = ? and id = ?",
                used.agent(),
                JournalTimestamp.of(used.at()),
                user.uses,
                user.key,
                used.thread().value());
        if (known == 0) {
            if (user.threads >= limits.threads()) {
                throw new ThreadsFullException();
            }
            connection.update(
                    "insert into threads (user, id, title, agent, created, updated, used, messages) values"
                            + " (?1, ?2, ?3, ?4, ?5, ?5, ?6,"
                            + " (select count(*) from messages where user = ?1 and thread = ?2))",
                    user.key,
                    used.thread().value(),
                    used.titleIfNew(),
                    used.agent(),
                    JournalTimestamp.of(used.at()),
                    user.uses);
            user.threads++;
        }
    }

    private void delete(ThreadId thread) throws SQLException {
        user.threads -= connection.update("delete from threads where user = ? and id = ?", user.key, thread.value());
        connection.update("delete from messages where user = ? and thread = ?", user.key, thread.value());
    }

    private void save(RunRecord run) throws SQLException {
        // Most runs are new when they are behind all others, and known when they are not.
        int known = run.ordinal() > user.lastRun ? 0 : update(run);
        boolean added = known == 0 && insert(run) == 1;
        if (known == 0 && !added) {
            update(run);
        }
        user.lastRun = Math.max(user.lastRun, run.ordinal());
        if (run.state().isTerminal()) {
            connection.update("delete from carries where user = ? and run = ?", user.key, run.id().value());
            connection.update("delete from scripts where user = ? and run = ?", user.key, run.id().value());
        }
        if (added) {
            user.runs++;
            forgetRuns();
        }
    }

    private int insert(RunRecord run) throws SQLException {
        return connection.update(
                "insert into runs (user, id, ordinal, thread, agent, state, unfinished, code, accepted, started, ended,"
                        + " questions) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) on conflict (user, id) do nothing",
                user.key,
                run.id().value(),
                run.ordinal(),
                run.thread().value(),
                run.agent(),
                run.state().name(),
                run.state().isTerminal() ? 0 : 1,
                run.code(),
                JournalTimestamp.of(run.acceptedAt()),
                run.startedAt().map(JournalTimestamp::of),
                run.endedAt().map(JournalTimestamp::of),
                QuestionsJson.encode(run.questions()));
    }

    private int update(RunRecord run) throws SQLException {
        return connection.update(
                "update runs set state = ?, unfinished = ?, code = ?, started = ?, ended = ?, questions = ?, agent = ?"
                        + " where user = ? and id = ?",
                run.state().name(),
                run.state().isTerminal() ? 0 : 1,
                run.code(),
                run.startedAt().map(JournalTimestamp::of),
                run.endedAt().map(JournalTimestamp::of),
                QuestionsJson.encode(run.questions()),
                run.agent(),
                user.key,
                run.id().value());
    }

    private void forgetRuns() throws SQLException {
        if (user.runs > limits.runsKept()) {
            user.runs -= connection.update(
                    "delete from runs where rowid in (select rowid from runs where user = ? and unfinished = 0"
                            + " order by ordinal limit ?)",
                    user.key,
                    user.runs - limits.runsKept());
        }
    }

    private void carry(RunId run, RunCarry carry) throws SQLException {
        connection.update(
                "insert into carries (user, run, body) select ?1, ?2, ?3 where " + HAS_NOT_ENDED
                        + " on conflict (user, run) do update set body = excluded.body",
                user.key,
                run.value(),
                CarryJson.encode(carry));
    }

    private void script(RunId run, ScriptEntry entry) throws SQLException {
        connection.update(
                "insert into scripts (user, run, author, kind, content) select ?1, ?2, ?3, ?4, ?5 where "
                        + HAS_NOT_ENDED,
                user.key,
                run.value(),
                entry.author(),
                entry.kind(),
                entry.content());
    }

    private void fork(RecordChange.ThreadForked forked) throws SQLException, ThreadsFullException {
        if (!hasThread(forked.source()) || hasThread(forked.fork())) {
            return;
        }
        use(new RecordChange.ThreadUsed(forked.fork(), forked.title(), forked.agent(), forked.at()));
        int copied = connection.update(
                "insert or replace into messages (user, thread, ordinal, idx, id, run, role, agent, text, attachments,"
                        + " at) select user, ?1, ordinal, idx, ?1 || ':' || ordinal || '.' || idx, run, role, agent,"
                        + " text, attachments, at from messages where user = ?2 and thread = ?3"
                        + " and (ordinal, idx) <= (?4, ?5)",
                forked.fork().value(),
                user.key,
                forked.source().value(),
                forked.upTo().runOrdinal(),
                forked.upTo().index());
        connection.update(
                "update threads set messages = messages + ? where user = ? and id = ?",
                copied,
                user.key,
                forked.fork().value());
    }

    private void save(MessageRecord message) throws SQLException {
        String thread = message.thread().value();
        if (put("insert", "on conflict do nothing", message) == 1) {
            long messages = connection.number(
                    "update threads set messages = messages + 1 where user = ? and id = ? returning messages",
                    user.key,
                    thread);
            forgetMessages(thread, messages - limits.messagesPerThread());
        } else {
            put("insert or replace", "", message);
        }
    }

    private int put(String verb, String clause, MessageRecord message) throws SQLException {
        return connection.update(
                verb + " into messages (user, thread, ordinal, idx, id, run, role, agent, text, attachments, at)"
                        + " values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) " + clause,
                user.key,
                message.thread().value(),
                message.key().runOrdinal(),
                message.key().index(),
                message.id(),
                message.run().value(),
                message.role().name(),
                message.agent(),
                message.text(),
                JsonFields.text(AttachmentsJson.encode(message.attachments())),
                JournalTimestamp.of(message.at()));
    }

    private void forgetMessages(String thread, long tooMany) throws SQLException {
        if (tooMany > 0) {
            int gone = connection.update(
                    "delete from messages where rowid in (select rowid from messages where user = ? and thread = ?"
                            + " order by ordinal, idx limit ?)",
                    user.key,
                    thread,
                    tooMany);
            countOff(thread, gone);
        }
    }

    private void countOff(String thread, int gone) throws SQLException {
        connection.update(
                "update threads set messages = messages - ? where user = ? and id = ?", gone, user.key, thread);
    }

    private void hide(RecordChange.MessagesHidden hidden) throws SQLException {
        int gone = 0;
        for (RunId run : hidden.runs()) {
            gone += connection.update(
                    "delete from messages where user = ? and thread = ? and run = ?",
                    user.key,
                    hidden.thread().value(),
                    run.value());
        }
        countOff(hidden.thread().value(), gone);
    }

    private void accept(RecordChange.RequestAccepted accepted, EventJournal.Appended place, Instant now)
            throws SQLException, RequestKnownException {
        byte[] id = bytes(accepted.id());
        int added = connection.update(
                "insert into requests (user, id, body, run, thread, sequence) values (?, ?, ?, ?, ?, ?)"
                        + " on conflict (user, id) do nothing",
                user.key,
                id,
                BodyJson.encode(accepted.body()),
                accepted.run().value(),
                accepted.thread().value(),
                place.positionBefore(accepted.eventsBehind()).sequence());
        if (added == 0) {
            throw new RequestKnownException(connection
                    .first(
                            "select " + RecordRows.REQUEST + " from requests q where q.user = ? and q.id = ?",
                            row -> RecordRows.request(row, place.epoch()),
                            user.key,
                            id)
                    .orElseThrow());
        }
        user.requests++;
        for (int i = 0; i < FORGOTTEN_AT_ONCE && forgetRequest(now); i++) {
            user.requests--;
        }
    }

    private boolean forgetRequest(Instant now) throws SQLException {
        long ended = JournalTimestamp.of(now.minus(limits.requestsKept()));
        Optional<Long> oldest = connection.first(
                "select r.rowid, (select ended from runs where user = r.user and id = r.run) from requests r"
                        + " where r.user = ? order by r.rowid limit 1",
                row -> {
                    long id = row.getLong(1);
                    long end = row.getLong(2);
                    boolean expired = !row.wasNull() && end < ended;
                    return expired || user.requests > limits.requestsCount() ? id : -1L;
                },
                user.key);
        return oldest.isPresent() && oldest.get() >= 0
                && connection.update("delete from requests where rowid = ?", oldest.get()) == 1;
    }

    private void save(Attachment attachment) throws SQLException {
        int added = connection.update(
                "insert into attachments (user, id, name, media_type, bytes) values (?, ?, ?, ?, ?)"
                        + " on conflict (user, id) do nothing",
                user.key,
                attachment.id().value(),
                attachment.name(),
                attachment.mediaType(),
                attachment.bytes());
        user.attachments += added;
        user.attachmentBytes += added * attachment.bytes();
    }

    private void keep(RecordChange.StoreKey key, String text) throws SQLException {
        forget(key);
        connection.update(
                "insert into texts (user, plugin, name, text) values (?, ?, ?, ?)",
                user.key,
                key.plugin(),
                key.name(),
                text);
        user.textBytes += key.bytesWith(text);
    }

    private void forget(RecordChange.StoreKey key) throws SQLException {
        Optional<String> before = connection.first(
                "delete from texts where user = ? and plugin = ? and name = ? returning text",
                row -> row.getString(1),
                user.key,
                key.plugin(),
                key.name());
        before.ifPresent(text -> user.textBytes -= key.bytesWith(text));
    }
}
