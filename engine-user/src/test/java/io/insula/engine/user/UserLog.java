package io.insula.engine.user;

import io.insula.agent.Attachment;
import io.insula.agent.AttachmentId;
import io.insula.agent.RunId;
import io.insula.agent.ThreadId;
import io.insula.engine.api.Page;
import io.insula.engine.api.PageRequest;
import io.insula.engine.api.RefusedException;
import io.insula.engine.api.RunView;
import io.insula.engine.api.Snapshot;
import io.insula.engine.api.ThreadMessage;
import io.insula.engine.api.ThreadSummary;
import io.insula.engine.api.UserEvent;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** All that the memory journal keeps of one user. One lock makes an append visible as a whole. */
final class UserLog {
    private final ReentrantLock lock = new ReentrantLock();
    private final String epoch;
    /** Guarded by {@link #lock}, as the records are. */
    private final EventWindow events;

    private final UserRecords records;

    UserLog(String epoch, EngineLimits.User limits) {
        this.epoch = epoch;
        this.events = new EventWindow(limits);
        this.records = new UserRecords(limits);
    }

    private UserLog(UserLog crashed) {
        this.epoch = crashed.epoch;
        this.events = crashed.events;
        this.records = crashed.records;
    }

    boolean isInUse() {
        return lock.isLocked();
    }

    /** The same for another process; whoever waits for this one waits forever. */
    UserLog left() {
        return new UserLog(this);
    }

    private <T> T locked(Supplier<T> work) {
        lock.lock();
        try {
            return work.get();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Writes the append and returns by how many bytes the log has grown, which is negative if it shrank.
     *
     * @throws EventJournal.JournalException if it must not be written; then nothing of it is
     */
    Written write(JournalAppend append, Instant now) throws EventJournal.JournalException {
        // Written by one thread: nothing changes in between.
        checked(append);
        return locked(() -> {
            long before = events.bytes() + records.bytes();
            append.events().forEach(draft -> events.add(draft, now));
            EventJournal.Appended place = new EventJournal.Appended(epoch, events.head());
            append.changes().forEach(change -> records.apply(change, place, now));
            events.trim(now, records::isUnfinished);
            return new Written(place, events.bytes() + records.bytes() - before);
        });
    }

    private void checked(JournalAppend append) throws EventJournal.JournalException {
        lock.lock();
        try {
            records.check(append);
        } finally {
            lock.unlock();
        }
    }

    /** Where an append stands, and what it took. */
    record Written(EventJournal.Appended place, long grownBytes) {}

    EventJournal.Appended place() {
        return locked(() -> new EventJournal.Appended(epoch, events.head()));
    }

    EventJournal.LogBounds bounds() {
        return locked(() -> new EventJournal.LogBounds(epoch, events.start(), events.head()));
    }

    List<UserEvent> after(long sequence, int maxEvents, int maxBytes) {
        return locked(() -> events.after(sequence, maxEvents, maxBytes));
    }

    Snapshot snapshot(int threads) {
        return locked(() -> {
            List<ThreadSummary> latest = new ArrayList<>();
            for (ThreadId thread : records.threadsByUse.descendingMap().values()) {
                if (latest.size() == threads) {
                    break;
                }
                latest.add(summary(thread));
            }
            List<RunView> open =
                    records.unfinished.values().stream().map(this::view).toList();
            return new Snapshot(new EventJournal.LogBounds(epoch, events.start(), events.head()).position(), latest,
                    open);
        });
    }

    Optional<ThreadRecord> thread(ThreadId thread) {
        return locked(() -> Optional.ofNullable(records.threads.get(thread)));
    }

    Page<ThreadSummary> threads(PageRequest request) throws RefusedException {
        long before = request.after().isPresent() ? PageCursor.number(request.after().get()) : Long.MAX_VALUE;
        return locked(() -> page(
                records.threadsByUse.headMap(before, false).descendingMap(), request.size(), this::summary,
                PageCursor::of));
    }

    Page<RunView> runs(PageRequest request) throws RefusedException {
        long before = request.after().isPresent() ? PageCursor.number(request.after().get()) : Long.MAX_VALUE;
        return locked(() -> page(
                records.runsByOrdinal.headMap(before, false).descendingMap(), request.size(), this::view,
                PageCursor::of));
    }

    Page<ThreadMessage> messages(ThreadId thread, PageRequest request) throws RefusedException {
        MessageRecord.Key after =
                request.after().isPresent() ? PageCursor.key(request.after().get()) : new MessageRecord.Key(0, 0);
        return locked(() -> {
            TreeMap<MessageRecord.Key, MessageRecord> all = records.messages.get(thread);
            if (all == null) {
                return new Page<>(List.of(), Optional.empty());
            }
            return page(all.tailMap(after, false), request.size(), MessageRecord::view, PageCursor::of);
        });
    }

    List<MessageRecord> conversation(ThreadId thread, long beforeRun, int limit) {
        return locked(() -> {
            TreeMap<MessageRecord.Key, MessageRecord> all = records.messages.get(thread);
            if (all == null) {
                return List.of();
            }
            List<MessageRecord> latest = all
                    .headMap(new MessageRecord.Key(beforeRun, 0), false)
                    .descendingMap()
                    .values()
                    .stream()
                    .limit(limit)
                    .toList();
            return latest.reversed();
        });
    }

    Optional<MessageRecord> message(ThreadId thread, String id) {
        return locked(() -> messagesOf(thread).values().stream()
                .filter(message -> message.id().equals(id))
                .findFirst());
    }

    int lastMessageIndex(ThreadId thread, long runOrdinal) {
        return locked(() -> {
            MessageRecord.Key last = messagesOf(thread).lowerKey(new MessageRecord.Key(runOrdinal + 1, 0));
            return last == null || last.runOrdinal() != runOrdinal ? -1 : last.index();
        });
    }

    private NavigableMap<MessageRecord.Key, MessageRecord> messagesOf(ThreadId thread) {
        return records.messages.getOrDefault(thread, new TreeMap<>());
    }

    boolean isUnfinished() {
        return locked(() -> !records.unfinished.isEmpty());
    }

    List<UnfinishedRun> unfinishedRuns() {
        return locked(records::unfinishedRuns);
    }

    List<ScriptEntry> script(RunId run) {
        return locked(() -> records.script(run));
    }

    /** What it takes in memory. */
    long bytes() {
        return locked(() -> events.bytes() + records.bytes());
    }

    EventJournal.LogBounds visit(JournalVisitor visitor) throws IOException {
        LogCopy copy = locked(() -> LogCopy.of(epoch, events, records));
        copy.show(visitor);
        return copy.bounds();
    }

    Optional<RunRecord> run(RunId run) {
        return locked(() -> Optional.ofNullable(records.runs.get(run)));
    }

    long lastRunOrdinal() {
        return locked(records::lastRunOrdinal);
    }

    Optional<RequestRecord> request(UUID request) {
        return locked(() -> records.request(request));
    }

    Optional<Attachment> attachment(AttachmentId attachment) {
        return locked(() -> Optional.ofNullable(records.attachments.get(attachment)));
    }

    int attachmentsCount() {
        return locked(records.attachments::size);
    }

    long attachmentsBytes() {
        return locked(records::attachmentsBytes);
    }

    List<Attachment> attachments() {
        return locked(() -> List.copyOf(records.attachments.values()));
    }

    Optional<String> text(RecordChange.StoreKey key) {
        return locked(() -> Optional.ofNullable(records.texts.get(key)));
    }

    List<String> textNames(String plugin) {
        return locked(() -> records.texts.keySet().stream()
                .filter(key -> key.plugin().equals(plugin))
                .map(RecordChange.StoreKey::name)
                .sorted()
                .toList());
    }

    long textBytes() {
        return locked(records::textBytes);
    }

    private ThreadSummary summary(ThreadId id) {
        ThreadRecord thread = present(records.threads.get(id));
        return new ThreadSummary(
                id, thread.title(), thread.agent(), thread.createdAt(), thread.updatedAt(), records.isBusy(id));
    }

    private RunView view(RunId id) {
        return present(records.runs.get(id)).view();
    }

    private static <T> T present(@Nullable T record) {
        if (record == null) {
            throw new IllegalStateException("an index names a record that is not there");
        }
        return record;
    }

    private static <K, V, T> Page<T> page(
            NavigableMap<K, V> rest, int size, Function<V, T> view, Function<K, String> cursor) {
        List<T> items = new ArrayList<>();
        Optional<String> next = Optional.empty();
        for (Map.Entry<K, V> entry : rest.entrySet()) {
            if (items.size() == size) {
                return new Page<>(items, next);
            }
            items.add(view.apply(entry.getValue()));
            next = Optional.of(cursor.apply(entry.getKey()));
        }
        return new Page<>(items, Optional.empty());
    }
}
