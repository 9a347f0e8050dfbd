package io.insula.engine.user;

import io.insula.agent.Attachment;
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
import io.insula.engine.api.UserExecutionEngine;
import io.insula.engine.api.UserLimits;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** The engine of one user: all that is done for the user, and nothing of anybody else. */
final class UserRoom implements UserExecutionEngine {
    private static final int SNAPSHOT_THREADS = 50;
    private static final Duration EXPORT_RETRY = Duration.ofSeconds(5);

    /** What comes of asking for a lease. */
    private enum Entrance {
        GRANTED, CLOSED, ERASING
    }

    private final UserId user;
    private final RoomParts parts;
    private final RoomLock lock = new RoomLock();
    private final RunBoard board;
    private final RequestBook requests;
    private final Intake intake;
    private final ThreadDesk threads;
    private final ForkDesk forks;
    private final RoomServices services;
    private final RunWork work;
    private final Uploads uploads;
    private final RoomErasure erasure;
    private final Consumer<UserRoom> forget;
    private final AtomicBoolean exporting = new AtomicBoolean();
    private final EventFeed feed;
    private final EventJournal.Following following;
    /** Guarded by {@link #lock}, as everything below. */
    private final Set<RoomLease> leases = new OccasionalSet<>();

    private long idleSince;
    /** What was asked of the room and is not answered yet. */
    private int unanswered;

    private boolean closed;
    private boolean goingAway;

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
        this.board = new RunBoard(user, lock, parts, this::perform);
        this.requests = new RequestBook(user, lock, parts);
        this.intake = new Intake(user, lock, parts, board, requests);
        this.threads = new ThreadDesk(user, lock, parts, board);
        this.forks = new ForkDesk(user, lock, parts, board, threads);
        this.services = new RoomServices(user, parts, lock, board, requests);
        this.work = new RunWork(services);
        this.uploads = new Uploads(user, lock, parts, erasure);
        this.feed = new EventFeed(user, parts.journal());
        this.following = parts.journal().follow(user, feed::published);
        this.idleSince = parts.environment().nanoTime().getAsLong();
    }

    private void perform(LiveRun run) {
        work.perform(run);
    }

    // ---- leases, and the end of the room: decided here and nowhere else

    /**
     * Takes a lease; false if the room is closed, and another one is to be made.
     *
     * @throws RefusedException if the user is being erased: no other room may be made before that is over
     */
    boolean tryLease(RoomLease lease) throws RefusedException {
        Entrance entrance = lock.call(() -> {
            if (erasure.isUnderWay()) {
                return Entrance.ERASING;
            }
            return !closed && leases.add(lease) ? Entrance.GRANTED : Entrance.CLOSED;
        });
        return switch (entrance) {
            case GRANTED -> true;
            case CLOSED -> false;
            case ERASING -> throw RoomErasure.refusal();
        };
    }

    void giveLeaseBack(RoomLease lease) {
        lock.run(() -> {
            leases.remove(lease);
            idleSince = parts.environment().nanoTime().getAsLong();
        });
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

    /**
     * Closes the room if nobody has held it for this time and nothing is at work.
     *
     * @param waiting told when the next question of a run expires that waits for an answer in no room
     */
    boolean closeIfIdle(Duration idle, Consumer<Instant> waiting) {
        boolean closes = lock.call(() -> {
            boolean quiet = leases.isEmpty() && board.isQuiet() && requests.isEmpty() && unanswered == 0;
            long now = parts.environment().nanoTime().getAsLong();
            Duration since = Duration.ofNanos(Math.min(now - idleSince, now - board.lastActive()));
            if (closed || !quiet || since.compareTo(idle) < 0) {
                return false;
            }
            closed = true;
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

    /** Closes the room under whoever holds it, and tells them why. Then comes {@link #release}. */
    private void closeFor(ErrorCode why) {
        lock.requireHeld();
        closed = true;
        List<RoomLease> held = List.copyOf(leases);
        lock.afterwards(() -> held.forEach(lease -> lease.tellEnd(why)));
    }

    /** Takes nothing in any more; what is at work goes on, what waits for an answer waits for the next start. */
    void refuseNewWork() {
        lock.run(() -> {
            goingAway = true;
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
            if (closed || (!board.hasUnfinished() && unanswered == 0)) {
                // While the user is erased no successor may be made.
                return closed && !erasure.isUnderWay();
            }
            closeFor(ErrorCode.JOURNAL_UNAVAILABLE);
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
        return lock.call(() -> board.isQuiet() && requests.isEmpty() && unanswered == 0 && !erasure.isUnderWay());
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
            closed = true;
            board.interruptAll();
        });
    }

    private void requireOpen() throws RefusedException {
        erasure.check();
        boolean isClosed = lock.call(() -> closed);
        if (isClosed) {
            throw new RefusedException(ErrorCode.ENGINE_CLOSED, "The engine was given back. Connect again.");
        }
    }

    /** Reads something of the user. */
    @FunctionalInterface
    private interface Reading<T> {
        T read() throws RefusedException;
    }

    /** What is read while an erase begins could be of the user's next life, and is not given out. */
    private <T> T reading(Reading<T> work) throws RefusedException {
        requireOpen();
        T read = work.read();
        erasure.check();
        return read;
    }

    private <T> CompletionStage<T> accepting(Supplier<CompletionStage<T>> work) {
        return lock.call(() -> {
            if (closed) {
                return CompletableFuture.failedFuture(erasure.isBegun()
                        ? RoomErasure.refusal()
                        : Refusals.of(ErrorCode.ENGINE_CLOSED, "The engine was given back. Connect again."));
            }
            unanswered++;
            CompletionStage<T> answer = work.get();
            answer.whenComplete((given, failure) -> lock.run(() -> unanswered--));
            return answer;
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
        return accepting(() -> goingAway ? goingAway() : intake.submit(request, () -> submit(request)));
    }

    private static <T> CompletionStage<T> goingAway() {
        return CompletableFuture.failedFuture(
                Refusals.of(ErrorCode.GOING_AWAY, "The platform is going down. Try again in a moment."));
    }

    @Override
    public CompletionStage<RunView> cancel(RunId run) {
        return accepting(() -> {
            Optional<LiveRun> found = board.find(run);
            if (found.isPresent()) {
                if (!found.get().ended) {
                    board.end(found.get(), new Ending.Cancelled());
                }
                return found.get().terminated.minimalCompletionStage();
            }
            return parts.journal()
                    .run(user, run)
                    .map(record -> CompletableFuture.completedStage(record.view()))
                    .orElseGet(() -> CompletableFuture.failedStage(unknownRun()));
        });
    }

    @Override
    public CompletionStage<Receipt> answer(AnswerRequest request) {
        return accepting(() -> services.questions.answer(request));
    }

    @Override
    public EventSubscription subscribe(SubscribeFrom from, Runnable available) throws RefusedException {
        requireOpen();
        EventSubscription subscription = feed.subscribe(from, available);
        boolean late = lock.call(() -> closed);
        if (late) {
            // Nobody would ever close it.
            subscription.close();
            requireOpen();
        }
        return subscription;
    }

    @Override
    public Snapshot snapshot() throws RefusedException {
        return reading(() -> parts.journal().snapshot(user, SNAPSHOT_THREADS));
    }

    @Override
    public Page<ThreadSummary> threads(PageRequest page) throws RefusedException {
        return reading(() -> parts.journal().threads(user, page));
    }

    @Override
    public Page<ThreadMessage> messages(ThreadId thread, PageRequest page) throws RefusedException {
        return reading(() -> {
            threads.require(thread);
            return parts.journal().messages(user, thread, page);
        });
    }

    @Override
    public CompletionStage<ThreadSummary> rename(ThreadId thread, String title) {
        return accepting(() -> threads.rename(thread, title));
    }

    @Override
    public CompletionStage<ThreadId> delete(ThreadId thread) {
        return accepting(() -> threads.delete(thread));
    }

    @Override
    public CompletionStage<ThreadSummary> fork(ThreadId thread, String message, Optional<ThreadId> fork) {
        return accepting(() -> goingAway ? goingAway() : forks.fork(thread, message, fork));
    }

    @Override
    public RunView run(RunId run) throws RefusedException {
        return reading(() -> parts.journal().run(user, run).map(RunRecord::view).orElseThrow(UserRoom::unknownRun));
    }

    @Override
    public Page<RunView> runs(PageRequest page) throws RefusedException {
        return reading(() -> parts.journal().runs(user, page));
    }

    @Override
    public Attachment attach(String name, String mediaType, InputStream content) throws RefusedException, IOException {
        requireOpen();
        return uploads.take(name, mediaType, content);
    }

    @Override
    public void export(OutputStream target) throws RefusedException, IOException {
        requireOpen();
        erasure.enterFiles();
        try {
            boolean alone = exporting.compareAndSet(false, true);
            if (!alone) {
                throw RefusedException.retryAfter(
                        ErrorCode.EXPORT_UNDER_WAY, "An export of your data is under way. Wait for it to end.",
                        EXPORT_RETRY);
            }
            try {
                new ExportArchive(user, parts, erasure).write(target);
            } finally {
                exporting.set(false);
            }
        } finally {
            erasure.leaveFiles();
        }
    }

    @Override
    public CompletionStage<Void> erase() {
        return lock.call(() -> {
            if (erasure.isBegun()) {
                return erasure.done();
            }
            return accepting(() -> goingAway ? goingAway() : beginErasure());
        });
    }

    private CompletionStage<Void> beginErasure() {
        closeFor(ErrorCode.ERASED);
        following.end();
        // Before the rows go: what is read later could be of the user's next life.
        feed.closeAll();
        // What they still have to write is written before all is erased.
        board.cancelAll();
        erasure.begin(() -> forget.accept(this));
        lock.afterwards(this::release);
        return erasure.done();
    }

    private static RefusedException unknownRun() {
        return new RefusedException(ErrorCode.RUN_UNKNOWN, "There is no such run.");
    }
}
