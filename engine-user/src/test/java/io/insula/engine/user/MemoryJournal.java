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
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The journal in memory: everything of {@link EventJournal}'s contract but outliving the process.
 *
 * <p>What is kept is bounded per user by {@link EngineLimits.User} and in all by
 * {@link EngineLimits.Platform#journalBytes()}.
 */
final class MemoryJournal implements EventJournal {
    private static final Logger LOG = LoggerFactory.getLogger(MemoryJournal.class);

    private final EngineLimits limits;
    private final EngineEnvironment environment;
    private final Identity identity;
    private final ConcurrentMap<UserId, UserLog> logs = new ConcurrentHashMap<>();
    /** Stands for the log of a user that has none; nothing is ever written to it. */
    private final UserLog none;

    private final Followers followers = new Followers();
    private final AtomicLong keptBytes = new AtomicLong();
    private final JournalWriter writer;

    MemoryJournal(EngineLimits limits, EngineEnvironment environment) {
        this.limits = limits;
        this.environment = environment;
        this.identity = new Identity(environment.random());
        this.none = new UserLog("", limits.user());
        this.writer = new JournalWriter(limits, environment.platformThreads(), () -> 0, new Memory());
    }

    /** Whether nobody is at anybody's log, so that a crash would leave each append whole. */
    boolean isBetweenWrites() {
        return logs.values().stream().noneMatch(UserLog::isInUse);
    }

    /** What another process finds if the one that has this journal has crashed. */
    MemoryJournal afterCrash(EngineEnvironment next) {
        MemoryJournal found = new MemoryJournal(limits, next);
        logs.forEach((user, log) -> {
            UserLog left = log.left();
            found.logs.put(user, left);
            found.keptBytes.addAndGet(left.bytes());
        });
        return found;
    }

    /** Everything is as good as durable once it is written. */
    private final class Memory implements JournalStorage {
        @Override
        public void begin() {}

        @Override
        public void perform(JournalLanes.Turn turn) {
            for (JournalTask task : turn.tasks()) {
                try {
                    if (task.isBroken()) {
                        throw new JournalException("the run lost what it wrote before");
                    }
                    task.done(perform(turn.user(), task.work()));
                } catch (JournalException refused) {
                    task.failed(refused);
                } catch (Throwable failure) {
                    LOG.error("append failed", failure);
                    task.failed(new JournalException("the append failed"));
                }
            }
        }

        private Appended perform(UserId user, JournalTask.Work work) throws JournalException {
            return switch (work) {
                case JournalTask.Work.Write(JournalAppend append) -> write(user, append);
                case JournalTask.Work.Open open -> logs
                        .computeIfAbsent(user, u -> new UserLog(identity.next(), limits.user()))
                        .place();
                case JournalTask.Work.Erase erase -> erase(user);
            };
        }

        private Appended write(UserId user, JournalAppend append) throws JournalException {
            UserLog log = logs.get(user);
            if (log == null) {
                throw new NoLogException();
            }
            UserLog.Written written = log.write(append, environment.clock().instant());
            keptBytes.addAndGet(written.grownBytes());
            return written.place();
        }

        private Appended erase(UserId user) {
            UserLog gone = logs.remove(user);
            if (gone != null) {
                keptBytes.addAndGet(-gone.bytes());
            }
            return none.place();
        }

        @Override
        public void commit() {}

        @Override
        public boolean reopen() {
            return false;
        }

        @Override
        public void probe() {}

        @Override
        public boolean scrub() {
            return true;
        }

        @Override
        public boolean tidy() {
            return false;
        }

        @Override
        public void written(UserId user) {
            followers.tell(user);
        }

        @Override
        public void later(Duration wait, Runnable action) {
            // Only asked for after trouble, which memory does not have, and for rests, as it takes no time.
            throw new IllegalStateException("memory failed");
        }

        @Override
        public void close() {}
    }

    private UserLog log(UserId user) {
        return logs.getOrDefault(user, none);
    }

    @Override
    public void open(UserId user) throws JournalException {
        if (!logs.containsKey(user)) {
            JournalWaiting.forIt(writer.submit(user, new JournalTask.Work.Open()));
        }
    }

    @Override
    public CompletionStage<Void> erase(UserId user) {
        return writer.submit(user, new JournalTask.Work.Erase()).thenAccept(place -> {});
    }

    @Override
    public CompletionStage<Appended> append(UserId user, JournalAppend append) {
        return writer.submit(user, new JournalTask.Work.Write(append));
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
    public long waitingBytes() {
        return writer.waitingBytes();
    }

    @Override
    public long keptBytes() {
        return keptBytes.get();
    }

    @Override
    public boolean isFull() {
        return keptBytes() >= limits.platform().journalBytes();
    }

    @Override
    public Following follow(UserId user, Runnable written) {
        return followers.add(user, written);
    }

    @Override
    public JournalHealth health() {
        return writer.health();
    }

    @Override
    public Following watchHealth(Runnable changed) {
        return writer.watchHealth(changed);
    }

    @Override
    public List<UserId> unfinishedUsers() {
        return owners(UserLog::isUnfinished);
    }

    private List<UserId> owners(Predicate<UserLog> kind) {
        return logs.entrySet().stream()
                .filter(log -> kind.test(log.getValue()))
                .map(Map.Entry::getKey)
                .toList();
    }

    @Override
    public List<UnfinishedRun> unfinishedRuns(UserId user) {
        return log(user).unfinishedRuns();
    }

    @Override
    public List<ScriptEntry> script(UserId user, RunId run) {
        return log(user).script(run);
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
    public Page<ThreadSummary> threads(UserId user, PageRequest page) throws RefusedException {
        return log(user).threads(page);
    }

    @Override
    public Page<ThreadMessage> messages(UserId user, ThreadId thread, PageRequest page) throws RefusedException {
        return log(user).messages(thread, page);
    }

    @Override
    public Optional<MessageRecord> message(UserId user, ThreadId thread, String messageId) {
        return log(user).message(thread, messageId);
    }

    @Override
    public int lastMessageIndex(UserId user, ThreadId thread, long runOrdinal) {
        return log(user).lastMessageIndex(thread, runOrdinal);
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
    public List<UserId> attachmentOwners() {
        return owners(log -> !log.attachments().isEmpty());
    }

    @Override
    public List<Attachment> attachments(UserId user) {
        return log(user).attachments();
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
    public LogBounds visit(UserId user, JournalVisitor visitor) throws IOException {
        return log(user).visit(visitor);
    }

    @Override
    public void backup(Path file) throws IOException {
        throw new IOException("a journal in memory has nothing to copy");
    }

    @Override
    public void close() {
        writer.close();
    }
}
