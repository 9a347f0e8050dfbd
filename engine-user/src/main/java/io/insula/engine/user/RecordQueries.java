package io.insula.engine.user;

import io.insula.agent.Attachment;
import io.insula.agent.AttachmentId;
import io.insula.agent.RunId;
import io.insula.agent.ThreadId;
import io.insula.agent.UserId;
import io.insula.engine.api.Page;
import io.insula.engine.api.PageRequest;
import io.insula.engine.api.RefusedException;
import io.insula.engine.api.RunView;
import io.insula.engine.api.ThreadMessage;
import io.insula.engine.api.ThreadSummary;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;

/** What is asked about a user's records in the journal's file. */
final class RecordQueries {
    private static final String USER = " = (select key from users where issuer = ? and subject = ?)";

    private final JournalReaders readers;

    RecordQueries(JournalReaders readers) {
        this.readers = readers;
    }

    private <T> Optional<T> first(String sql, JournalConnection.Row<T> row, Object... values) {
        return readers.read(connection -> connection.first(sql, row, values));
    }

    private <T> List<T> list(String sql, JournalConnection.Row<T> row, Object... values) {
        return readers.read(connection -> connection.list(sql, row, values));
    }

    /** A number in the user's row; 0 if there is none. */
    long counter(UserId user, String column) {
        return readers.read(connection -> connection.number(
                "select " + column + " from users where issuer = ? and subject = ?", user.issuer(), user.subject()));
    }

    Optional<ThreadRecord> thread(UserId user, ThreadId thread) {
        return first(
                "select " + RecordRows.THREAD + " from threads t where t.user" + USER + " and t.id = ?",
                RecordRows::thread,
                user.issuer(),
                user.subject(),
                thread.value());
    }

    Page<ThreadSummary> threads(UserId user, PageRequest page) throws RefusedException {
        long before = page.after().isPresent() ? PageCursor.number(page.after().get()) : Long.MAX_VALUE;
        List<Placed<ThreadSummary>> found = list(
                "select " + RecordRows.SUMMARY + " from threads t where t.user" + USER
                        + " and t.used < ? order by t.used desc limit ?",
                row -> new Placed<>(RecordRows.summary(row), PageCursor.of(row.getLong(7))),
                user.issuer(),
                user.subject(),
                before,
                page.size() + 1);
        return page(found, page.size(), summary -> summary);
    }

    Page<RunView> runs(UserId user, PageRequest page) throws RefusedException {
        long before = page.after().isPresent() ? PageCursor.number(page.after().get()) : Long.MAX_VALUE;
        List<Placed<RunRecord>> found = list(
                "select " + RecordRows.RUN + " from runs r where r.user" + USER
                        + " and r.ordinal < ? order by r.ordinal desc limit ?",
                row -> {
                    RunRecord run = RecordRows.run(row);
                    return new Placed<>(run, PageCursor.of(run.ordinal()));
                },
                user.issuer(),
                user.subject(),
                before,
                page.size() + 1);
        return page(found, page.size(), RunRecord::view);
    }

    Page<ThreadMessage> messages(UserId user, ThreadId thread, PageRequest page) throws RefusedException {
        MessageRecord.Key after =
                page.after().isPresent() ? PageCursor.key(page.after().get()) : new MessageRecord.Key(0, 0);
        List<Placed<MessageRecord>> found = list(
                "select " + RecordRows.MESSAGE + " from messages m where m.user" + USER
                        + " and m.thread = ? and (m.ordinal, m.idx) > (?, ?) order by m.ordinal, m.idx limit ?",
                row -> {
                    MessageRecord message = RecordRows.message(row);
                    return new Placed<>(message, PageCursor.of(message.key()));
                },
                user.issuer(),
                user.subject(),
                thread.value(),
                after.runOrdinal(),
                after.index(),
                page.size() + 1);
        return page(found, page.size(), MessageRecord::view);
    }

    /** Something, and how a page that ends with it is called. */
    private record Placed<T>(T item, String cursor) {}

    private static <T, V> Page<V> page(List<Placed<T>> found, int size, Function<T, V> view) {
        List<V> items = new ArrayList<>();
        found.stream().limit(size).forEach(placed -> items.add(view.apply(placed.item())));
        return new Page<>(
                items, found.size() > size ? Optional.of(found.get(size - 1).cursor()) : Optional.empty());
    }

    List<MessageRecord> conversation(UserId user, ThreadId thread, long beforeRun, int limit) {
        return list(
                "select " + RecordRows.MESSAGE + " from messages m where m.user" + USER
                        + " and m.thread = ? and m.ordinal < ? order by m.ordinal desc, m.idx desc limit ?",
                RecordRows::message,
                user.issuer(),
                user.subject(),
                thread.value(),
                beforeRun,
                limit)
                .reversed();
    }

    Optional<MessageRecord> message(UserId user, ThreadId thread, String id) {
        return first(
                "select " + RecordRows.MESSAGE + " from messages m where m.user" + USER
                        + " and m.thread = ? and m.id = ?",
                RecordRows::message,
                user.issuer(),
                user.subject(),
                thread.value(),
                id);
    }

    int lastMessageIndex(UserId user, ThreadId thread, long runOrdinal) {
        return first(
                "select idx from messages where user" + USER
                        + " and thread = ? and ordinal = ? order by idx desc limit 1",
                row -> row.getInt(1),
                user.issuer(),
                user.subject(),
                thread.value(),
                runOrdinal)
                .orElse(-1);
    }

    Optional<RunRecord> run(UserId user, RunId run) {
        return first(
                "select " + RecordRows.RUN + " from runs r where r.user" + USER + " and r.id = ?",
                RecordRows::run,
                user.issuer(),
                user.subject(),
                run.value());
    }

    List<UserId> unfinishedUsers() {
        return users("(select distinct user from runs where unfinished = 1)");
    }

    List<UserId> attachmentOwners() {
        return users("(select distinct user from attachments)");
    }

    private List<UserId> users(String keys) {
        return list(
                "select u.issuer, u.subject from users u where u.key in " + keys,
                row -> new UserId(row.getString(1), row.getString(2)));
    }

    List<UnfinishedRun> unfinishedRuns(UserId user) {
        return list(
                "select " + RecordRows.RUN + ", c.body from runs r left join carries c on c.user = r.user and"
                        + " c.run = r.id where r.user" + USER + " and r.unfinished = 1 order by r.ordinal",
                row -> {
                    Optional<String> carry = Optional.ofNullable(row.getString(11));
                    return new UnfinishedRun(
                            RecordRows.run(row), carry.map(CarryJson::decode).orElseGet(RunCarry::nothing));
                },
                user.issuer(),
                user.subject());
    }

    List<ScriptEntry> script(UserId user, RunId run) {
        return list(
                "select author, kind, content from scripts where user" + USER + " and run = ? order by rowid",
                row -> new ScriptEntry(row.getString(1), row.getString(2), row.getString(3)),
                user.issuer(),
                user.subject(),
                run.value());
    }

    Optional<RequestRecord> request(UserId user, UUID request) {
        return first(
                "select " + RecordRows.REQUEST + ", u.epoch from users u join requests q on q.user = u.key"
                        + " where u.issuer = ? and u.subject = ? and q.id = ?",
                row -> RecordRows.request(row, row.getString(6)),
                user.issuer(),
                user.subject(),
                RecordTables.bytes(request));
    }

    Optional<Attachment> attachment(UserId user, AttachmentId attachment) {
        return first(
                "select " + RecordRows.ATTACHMENT + " from attachments a where a.user" + USER + " and a.id = ?",
                RecordRows::attachment,
                user.issuer(),
                user.subject(),
                attachment.value());
    }

    List<Attachment> attachments(UserId user) {
        return list(
                "select " + RecordRows.ATTACHMENT + " from attachments a where a.user" + USER + " order by a.rowid",
                RecordRows::attachment,
                user.issuer(),
                user.subject());
    }

    Optional<String> text(UserId user, RecordChange.StoreKey key) {
        return first(
                "select text from texts where user" + USER + " and plugin = ? and name = ?",
                row -> row.getString(1),
                user.issuer(),
                user.subject(),
                key.plugin(),
                key.name());
    }

    List<String> textNames(UserId user, String plugin) {
        // Sorted as Java does: SQLite would compare UTF-8, which is another order beyond the first plane.
        return list(
                "select name from texts where user" + USER + " and plugin = ?",
                row -> row.getString(1),
                user.issuer(),
                user.subject(),
                plugin)
                .stream()
                .sorted()
                .toList();
    }
}
