package io.insula.engine.user;

import io.insula.agent.Attachment;
import io.insula.agent.AttachmentId;
import io.insula.agent.RunId;
import io.insula.agent.ThreadId;
import io.insula.agent.UserId;
import io.insula.engine.api.AgentListing;
import io.insula.engine.api.AnswerRequest;
import io.insula.engine.api.ErrorCode;
import io.insula.engine.api.EventSubscription;
import io.insula.engine.api.Page;
import io.insula.engine.api.PageRequest;
import io.insula.engine.api.Receipt;
import io.insula.engine.api.RefusedException;
import io.insula.engine.api.RunRequest;
import io.insula.engine.api.RunView;
import io.insula.engine.api.Snapshot;
import io.insula.engine.api.SubscribeFrom;
import io.insula.engine.api.ThreadMessage;
import io.insula.engine.api.ThreadSummary;
import io.insula.engine.api.Upload;
import io.insula.engine.api.UserExecutionEngine;
import io.insula.engine.api.UserLimits;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/** The engine of one user: all that is done for the user, and nothing of anybody else. */
final class UserRoom implements UserExecutionEngine {
    private static final int SNAPSHOT_THREADS = 50;

    private final UserId user;
    private final RoomParts parts;
    private final RoomLock lock = new RoomLock();
    private final RunBoard board;
    private final RequestBook requests;
    private final Intake intake;
    private final RunDesk runs;
    private final ThreadDesk threads;
    private final ForkDesk forks;
    private final RoomServices services;
    private final RunWork work;
    private final Uploads uploads;
    private final Exports exports;
    private final RoomErasure erasure;
    private final RoomDoor door;
    private final Consumer<UserRoom> forget;
    private final EventFeed feed;
    private final EventJournal.Following following;

    /**
     * Makes the room of a user.
     *
     * @param forget told when the room is no more and a successor may be made, unless it was closed by its caller
     */
    UserRoom(UserId user, RoomParts parts, Consumer<UserRoom> forget) {
        this.user = user;
        this.parts = parts;
        this.forget = forget;
        this.erasure = new RoomErasure(user, lock, parts);
        this.door = new RoomDoor(lock, parts, erasure);
        this.board = new RunBoard(user, lock, parts, this::perform);
        this.requests = new RequestBook(user, lock, parts);
        this.intake = new Intake(user, lock, parts, board, requests);
        this.runs = new RunDesk(user, lock, parts, board);
        this.threads = new ThreadDesk(user, lock, parts, board);
        this.forks = new ForkDesk(user, lock, parts, board, threads);
        this.services = new RoomServices(user, parts, lock, board, requests);
        this.work = new RunWork(services);
        this.uploads = new Uploads(user, lock, parts, erasure);
        this.exports = new Exports(user, parts, erasure);
        this.feed = new EventFeed(user, parts.journal());
        this.following = parts.journal().follow(user, feed::published);
    }

    private void perform(LiveRun run) {
        work.perform(run);
    }

    /**
     * Takes a lease; false if the room is closed, and another one is to be made.
     *
     * @throws RefusedException if the user is being erased: no other room may be made before that is over
     */
    boolean tryLease(RoomLease lease) throws RefusedException {
        return door.tryLease(lease);
    }

    void giveLeaseBack(RoomLease lease) {
        door.giveLeaseBack(lease);
    }

    /** Has the runs go on that had not ended when the user's room before this one was lost. */
    void recover(List<UnfinishedRun> unfinished) {
        List<RoomRecovery.Recovered> recovered = new RoomRecovery(user, parts).recover(unfinished);
        lock.run(() -> {
            for (RoomRecovery.Recovered back : recovered) {
                parts.platform().takeBack();
                board.restore(back.run());
                back.questions()
                        .forEach((question, asker) -> services.questions.open(back.run(), asker, question));
            }
            recovered.forEach(back -> back.ending().ifPresent(ending -> board.end(back.run(), ending)));
            board.restored();
        });
    }

    // ---- the end of the room

    /**
     * Closes the room if nobody has held it for this time and nothing is at work.
     *
     * @param waiting told when the next question of a run expires that waits for an answer in no room
     */
    boolean closeIfIdle(Duration idle, Consumer<Instant> waiting) {
        boolean closes = lock.call(() -> {
            boolean quiet = board.isQuiet() && requests.isEmpty() && !door.hasUnanswered();
            if (!quiet || !door.closeIfIdle(idle, board.lastActive())) {
                return false;
            }
            // Whoever sees that it is closed may make its successor, which follows the same log.
            following.end();
            Optional<Instant> expiry = board.nextExpiry();
            board.letGoOfAll();
            lock.afterwards(() -> expiry.ifPresent(waiting));
            return true;
        });
        if (closes) {
            release();
        }
        return closes;
    }

    /** Lets go of everything that the room holds. */
    void release() {
        lock.run(board::letGoOfAll);
        following.end();
        feed.closeAll();
        services.resources.closeAll();
    }

    /** Closes what is kept for the user of a version of a plugin that nobody calls any more; gives the threads at it. */
    List<Thread> closeResourcesOf(ClassLoader version) {
        return services.resources.closeOf(version);
    }

    /** Takes nothing in any more; what is at work goes on, what waits for an answer waits for the next start. */
    void refuseNewWork() {
        lock.run(() -> {
            door.refuseNewWork();
            board.threads().suspendWaiting();
        });
    }

    /** Whether the end of a run could not be written, so that the journal still has it under way. */
    boolean isTorn() {
        return lock.call(board::isTorn);
    }

    /**
     * Closes the room because the journal cannot be written, if anything is in progress: its runs are stopped without a
     * word, and go on in another room when it can be written again. Who waits for an answer asks again then, too.
     *
     * @return whether it is closed
     */
    boolean closeIfUnfinished() {
        uploads.letGo();
        boolean closes = lock.call(() -> {
            if (door.isClosed() || (!board.hasUnfinished() && !door.hasUnanswered())) {
                // While the user is erased no successor may be made.
                return door.isClosed() && !erasure.isUnderWay();
            }
            door.closeFor(ErrorCode.JOURNAL_UNAVAILABLE);
            following.end();
            board.letGoOfAll();
            return true;
        });
        if (closes) {
            release();
        }
        return closes;
    }

    boolean isQuiet() {
        return lock.call(() -> board.isQuiet() && requests.isEmpty() && !door.hasUnanswered() && !erasure.isUnderWay());
    }

    /**
     * Whether everybody who follows has been given everything. Once nothing is in progress in a closed room, that stays
     * so.
     */
    boolean isFollowedToTheEnd() {
        return feed.isReadToTheEnd();
    }

    /**
     * Closes the room. What can go on after the next start waits for it, and the rest ends as interrupted. Who follows
     * still sees that; then comes {@link #release}.
     */
    void interruptAll() {
        lock.run(() -> {
            door.close();
            board.interruptAll();
        });
    }

    // ---- what a transport may do

    @Override
    public UserId user() {
        return user;
    }

    @Override
    public List<AgentListing> agents() {
        return parts.catalog().agents().stream()
                .map(agent -> new AgentListing(agent.name(), agent.summary()))
                .toList();
    }

    @Override
    public UserLimits limits() {
        EngineLimits.User limits = parts.limits().user();
        return new UserLimits(
                limits.runsAtOnce(),
                limits.queuedRuns(),
                limits.inputBytes(),
                limits.attachmentBytes(),
                limits.attachmentsBytes());
    }

    @Override
    public CompletionStage<Receipt> submit(RunRequest request) {
        return door.acceptingNew(() -> intake.submit(request, () -> submit(request)));
    }

    @Override
    public CompletionStage<RunView> cancel(RunId run) {
        return door.accepting(() -> runs.cancel(run));
    }

    @Override
    public CompletionStage<Receipt> answer(AnswerRequest request) {
        return door.accepting(() -> services.questions.answer(request));
    }

    @Override
    public EventSubscription subscribe(SubscribeFrom from, Runnable available) throws RefusedException {
        door.requireOpen();
        EventSubscription subscription = feed.subscribe(from, available);
        if (door.isClosed()) {
            // Nobody would ever close it.
            subscription.close();
            door.requireOpen();
        }
        return subscription;
    }

    @Override
    public Snapshot snapshot() throws RefusedException {
        return door.reading(() -> parts.journal().snapshot(user, SNAPSHOT_THREADS));
    }

    @Override
    public Page<ThreadSummary> threads(PageRequest page) throws RefusedException {
        return door.reading(() -> parts.journal().threads(user, page));
    }

    @Override
    public Page<ThreadMessage> messages(ThreadId thread, PageRequest page) throws RefusedException {
        return door.reading(() -> {
            threads.require(thread);
            return parts.journal().messages(user, thread, page);
        });
    }

    @Override
    public CompletionStage<ThreadSummary> rename(ThreadId thread, String title) {
        return door.accepting(() -> threads.rename(thread, title));
    }

    @Override
    public CompletionStage<ThreadId> delete(ThreadId thread) {
        return door.accepting(() -> threads.delete(thread));
    }

    @Override
    public CompletionStage<ThreadSummary> fork(ThreadId thread, String message, Optional<ThreadId> fork) {
        return door.acceptingNew(() -> forks.fork(thread, message, fork));
    }

    @Override
    public RunView run(RunId run) throws RefusedException {
        return door.reading(() -> runs.view(run));
    }

    @Override
    public Page<RunView> runs(PageRequest page) throws RefusedException {
        return door.reading(() -> runs.views(page));
    }

    @Override
    public Attachment attach(String name, String mediaType, InputStream content) throws RefusedException, IOException {
        return uploads().attach(name, mediaType, content);
    }

    @Override
    public Upload beginUpload(String name, String mediaType, long bytes) throws RefusedException {
        return uploads().begin(name, mediaType, bytes);
    }

    @Override
    public Upload upload(AttachmentId id) throws RefusedException {
        return uploads().read(id);
    }

    @Override
    public Upload continueUpload(AttachmentId id, long offset, InputStream content)
            throws RefusedException, IOException {
        return uploads().append(id, offset, content);
    }

    @Override
    public void cancelUpload(AttachmentId id) throws RefusedException {
        uploads().cancel(id);
    }

    private UploadDesk uploads() throws RefusedException {
        door.requireOpen();
        return new UploadDesk(user, parts, erasure, door, uploads);
    }

    @Override
    public void export(OutputStream target) throws RefusedException, IOException {
        door.requireOpen();
        exports.write(target);
    }

    @Override
    public CompletionStage<Void> erase() {
        return lock.call(() -> {
            if (erasure.isBegun()) {
                return erasure.done();
            }
            return door.acceptingNew(this::beginErasure);
        });
    }

    private CompletionStage<Void> beginErasure() {
        door.closeFor(ErrorCode.ERASED);
        following.end();
        // Before the rows go: what is read later could be of the user's next life.
        feed.closeAll();
        // What they still have to write is written before all is erased.
        board.cancelAll();
        erasure.begin(() -> forget.accept(this));
        lock.afterwards(this::release);
        return erasure.done();
    }
}
