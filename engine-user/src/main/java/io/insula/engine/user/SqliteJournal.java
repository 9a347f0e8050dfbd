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
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletionStage;

/**
 * The journal in a file of SQLite, which outlives the process: one writer, many readers. A transaction holds the turns
 * of many users, and is told of when the disk has it.
 */
final class SqliteJournal implements EventJournal {
    private final EngineLimits limits;
    private final Followers followers = new Followers();
    private final RecentEvents recent = new RecentEvents();
    private final SqliteStorage storage;
    private final JournalWriter writer;
    private final JournalReaders readers;
    private final LogQueries logs;
    private final RecordQueries records;
    private final JournalBackup backup;

    /**
     * Opens the journal, and makes its file if there is none.
     *
     * @throws JournalTroubleException if it cannot be opened, or is damaged
     * @throws JournalVersionException if a newer program wrote it
     */
    SqliteJournal(
            JournalFile file,
            JournalSchema schema,
            EngineLimits limits,
            EngineEnvironment environment,
            Alarms alarms)
            throws JournalTroubleException, JournalVersionException {
        this.limits = limits;
        this.storage = new SqliteStorage(file, schema, limits, environment, alarms, followers, recent);
        this.writer = new JournalWriter(limits, environment.platformThreads(), environment.nanoTime(), storage);
        this.readers = new JournalReaders(file, writer::suspect);
        this.logs = new LogQueries(readers);
        this.records = new RecordQueries(readers);
        this.backup = new JournalBackup(readers);
        storage.lookAfterAge(writer::wake);
    }

    @Override
    public void open(UserId user) throws JournalException {
        if (!logs.hasLog(user)) {
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
        return storage.keptBytes();
    }

    @Override
    public boolean isFull() {
        return keptBytes() >= limits.platform().journalBytes();
    }

    @Override
    public Following follow(UserId user, Runnable written) {
        Following told = followers.add(user, written);
        RecentEvents.Tail tail = recent.begin(user);
        return () -> {
            recent.end(user, tail);
            told.end();
        };
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
        return records.unfinishedUsers();
    }

    @Override
    public List<UnfinishedRun> unfinishedRuns(UserId user) {
        return records.unfinishedRuns(user);
    }

    @Override
    public List<ScriptEntry> script(UserId user, RunId run) {
        return records.script(user, run);
    }

    @Override
    public LogBounds bounds(UserId user) {
        return logs.bounds(user);
    }

    @Override
    public List<UserEvent> read(UserId user, long after, int maxEvents, int maxBytes) {
        return recent.read(user, after, maxEvents, maxBytes)
                .orElseGet(() -> logs.read(user, after, maxEvents, maxBytes));
    }

    @Override
    public Snapshot snapshot(UserId user, int threads) {
        return logs.snapshot(user, threads);
    }

    @Override
    public Optional<ThreadRecord> thread(UserId user, ThreadId thread) {
        return records.thread(user, thread);
    }

    @Override
    public Page<ThreadSummary> threads(UserId user, PageRequest page) throws RefusedException {
        return records.threads(user, page);
    }

    @Override
    public Page<ThreadMessage> messages(UserId user, ThreadId thread, PageRequest page) throws RefusedException {
        return records.messages(user, thread, page);
    }

    @Override
    public Optional<MessageRecord> message(UserId user, ThreadId thread, String messageId) {
        return records.message(user, thread, messageId);
    }

    @Override
    public int lastMessageIndex(UserId user, ThreadId thread, long runOrdinal) {
        return records.lastMessageIndex(user, thread, runOrdinal);
    }

    @Override
    public List<MessageRecord> conversation(UserId user, ThreadId thread, long beforeRun, int limit) {
        return records.conversation(user, thread, beforeRun, limit);
    }

    @Override
    public Optional<RunRecord> run(UserId user, RunId run) {
        return records.run(user, run);
    }

    @Override
    public long lastRunOrdinal(UserId user) {
        return records.counter(user, "last_run");
    }

    @Override
    public Page<RunView> runs(UserId user, PageRequest page) throws RefusedException {
        return records.runs(user, page);
    }

    @Override
    public Optional<RequestRecord> request(UserId user, UUID request) {
        return records.request(user, request);
    }

    @Override
    public Optional<Attachment> attachment(UserId user, AttachmentId attachment) {
        return records.attachment(user, attachment);
    }

    @Override
    public long attachmentsBytes(UserId user) {
        return records.counter(user, "attachment_bytes");
    }

    @Override
    public int attachmentsCount(UserId user) {
        return Math.toIntExact(records.counter(user, "attachments"));
    }

    @Override
    public List<UserId> attachmentOwners() {
        return records.attachmentOwners();
    }

    @Override
    public List<Attachment> attachments(UserId user) {
        return records.attachments(user);
    }

    @Override
    public Optional<String> text(UserId user, RecordChange.StoreKey key) {
        return records.text(user, key);
    }

    @Override
    public List<String> textNames(UserId user, String plugin) {
        return records.textNames(user, plugin);
    }

    @Override
    public long textBytes(UserId user) {
        return records.counter(user, "text_bytes");
    }

    @Override
    public LogBounds visit(UserId user, JournalVisitor visitor) throws IOException {
        return logs.visit(user, visitor);
    }

    @Override
    public void backup(Path file) throws IOException {
        backup.write(file);
    }

    @Override
    public void close() {
        // The writer's connection is to be the last: only that one can put everything into the file itself.
        readers.close();
        writer.close();
    }
}
