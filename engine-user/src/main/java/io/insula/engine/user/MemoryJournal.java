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
import io.insula.engine.api.Snapshot;
import io.insula.engine.api.ThreadMessage;
import io.insula.engine.api.ThreadSummary;
import io.insula.engine.api.UserEvent;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The journal in memory: everything of {@link EventJournal}'s contract but outliving the process.
 *
 * <p>What is kept is bounded per user by {@link EngineLimits.User} and in all by
 * {@link EngineLimits.Platform#journalBytes()}.
 */
final class MemoryJournal implements EventJournal {
    private final EngineLimits limits;
    private final EngineEnvironment environment;
    private final Identity identity;
    private final ConcurrentMap<UserId, UserLog> logs = new ConcurrentHashMap<>();
    /** Who follows a user's log: the user's one room. */
    private final ConcurrentMap<UserId, Runnable> followers = new ConcurrentHashMap<>();

    private final AtomicLong keptBytes = new AtomicLong();
    private final JournalWriter writer;

    MemoryJournal(EngineLimits limits, EngineEnvironment environment) {
        this.limits = limits;
        this.environment = environment;
        this.identity = new Identity(environment.random());
        this.writer = new JournalWriter(limits, environment.platformThreads(), new LogStorage());
    }

    private final class LogStorage implements JournalWriter.Storage {
        @Override
        public Appended write(UserId user, JournalAppend append) {
            UserLog.Written written = log(user).write(append, environment.clock().instant());
            keptBytes.addAndGet(written.grownBytes());
            return written.place();
        }

        @Override
        public void written(UserId user) {
            Runnable follower = followers.get(user);
            if (follower != null) {
                follower.run();
            }
        }
    }

    private UserLog log(UserId user) {
        return logs.computeIfAbsent(user, u -> new UserLog(identity.next(), limits.user()));
    }

    @Override
    public CompletionStage<Appended> append(UserId user, JournalAppend append) {
        return writer.append(user, append);
    }

    @Override
    public void awaitRoom(UserId user) throws InterruptedException {
        writer.awaitRoom(user);
    }

    @Override
    public boolean hasRoom() {
        return writer.hasRoom() && !isFull();
    }

    @Override
    public boolean isFull() {
        return keptBytes.get() >= limits.platform().journalBytes();
    }

    @Override
    public Following follow(UserId user, Runnable written) {
        if (followers.putIfAbsent(user, written) != null) {
            throw new IllegalStateException("the user's log is followed already: a user has one room");
        }
        return () -> followers.remove(user, written);
    }

    @Override
    public LogBounds bounds(UserId user) {
        return log(user).bounds();
    }

    @Override
    public List<UserEvent> read(UserId user, long after, int maxEvents, int maxBytes) {
        return log(user).after(after, maxEvents, maxBytes);
    }

    @Override
    public Snapshot snapshot(UserId user, int threads) {
        return log(user).snapshot(threads);
    }

    @Override
    public Optional<ThreadRecord> thread(UserId user, ThreadId thread) {
        return log(user).thread(thread);
    }

    @Override
    public int threadCount(UserId user) {
        return log(user).threadCount();
    }

    @Override
    public Page<ThreadSummary> threads(UserId user, PageRequest page) throws RefusedException {
        return log(user).threads(page);
    }

    @Override
    public Page<ThreadMessage> messages(UserId user, ThreadId thread, PageRequest page) throws RefusedException {
        return log(user).messages(thread, page);
    }

    @Override
    public List<MessageRecord> conversation(UserId user, ThreadId thread, long beforeRun, int limit) {
        return log(user).conversation(thread, beforeRun, limit);
    }

    @Override
    public Optional<RunRecord> run(UserId user, RunId run) {
        return log(user).run(run);
    }

    @Override
    public long lastRunOrdinal(UserId user) {
        return log(user).lastRunOrdinal();
    }

    @Override
    public Page<RunView> runs(UserId user, PageRequest page) throws RefusedException {
        return log(user).runs(page);
    }

    @Override
    public Optional<RequestRecord> request(UserId user, UUID request) {
        return log(user).request(request);
    }

    @Override
    public Optional<Attachment> attachment(UserId user, AttachmentId attachment) {
        return log(user).attachment(attachment);
    }

    @Override
    public int attachmentsCount(UserId user) {
        return log(user).attachmentsCount();
    }

    @Override
    public long attachmentsBytes(UserId user) {
        return log(user).attachmentsBytes();
    }

    @Override
    public Optional<String> text(UserId user, RecordChange.StoreKey key) {
        return log(user).text(key);
    }

    @Override
    public List<String> textNames(UserId user, String plugin) {
        return log(user).textNames(plugin);
    }

    @Override
    public long textBytes(UserId user) {
        return log(user).textBytes();
    }

    @Override
    public void close() {
        writer.close();
    }
}
