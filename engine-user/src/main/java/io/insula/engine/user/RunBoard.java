package io.insula.engine.user;

import io.insula.agent.RunId;
import io.insula.agent.RunStoppedException;
import io.insula.agent.ThreadId;
import io.insula.agent.UserId;
import io.insula.engine.api.ErrorCode;
import io.insula.engine.api.RunState;
import io.insula.engine.api.RunView;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All that one user has in progress: which runs there are, which may begin, and how each ends.
 *
 * <p>Every change of a run's state is made here, under the room's lock, together with the append that tells of it; the
 * journal keeps appends of one user in order, so what clients see is the order of the decisions.
 */
final class RunBoard implements RunAppends.Losses {
    private static final Logger LOG = LoggerFactory.getLogger(RunBoard.class);

    private final RoomLock lock;
    private final RoomParts parts;
    private final RunEndings endings;
    private final RunAppends appends;
    /** Guarded by {@link #lock}, as everything below. Runs that have not ended, in the order accepted. */
    private final Map<RunId, LiveRun> live = new OccasionalMap<>();
    /** Runs that have ended and whose last event is not durable yet. */
    private final Map<RunId, LiveRun> closing = new OccasionalMap<>();
    private final RunLanes lanes = new RunLanes();
    private final RunPlaces places;
    private final RunStarts starts;
    private final RunExits exits;
    private final RunMends mends;
    /** Whether something of a run could not be written because the journal failed. */
    private boolean torn;
    /** Whether runs that wait give up their threads without waiting for long. */
    private boolean suspendsAtOnce;
    private long lastActive;

    /**
     * Makes the board of a user.
     *
     * @param work does a run, in the thread that was made for it
     */
    RunBoard(UserId user, RoomLock lock, RoomParts parts, Consumer<LiveRun> work) {
        this.lock = lock;
        this.parts = parts;
        this.endings = new RunEndings(parts);
        this.appends = new RunAppends(user, lock, parts, this);
        this.starts = new RunStarts(this, lock, parts, work);
        this.places = new RunPlaces(lock, parts, this::nextQueued, starts::goOn);
        this.exits = new RunExits(lock, parts, this::giveWay);
        this.mends = new RunMends(user, lock, parts, this::mended);
        this.lastActive = parts.environment().nanoTime().getAsLong();
    }

    /** The way of what is appended of this user's runs. */
    RunAppends appends() {
        return appends;
    }

    Optional<LiveRun> find(RunId run) {
        lock.requireHeld();
        return Optional.ofNullable(live.get(run)).or(() -> Optional.ofNullable(closing.get(run)));
    }

    /** The runs of the thread that have not ended, in the order accepted. */
    List<LiveRun> unfinishedIn(ThreadId thread) {
        lock.requireHeld();
        return lanes.unfinishedIn(thread);
    }

    /**
     * Whether nothing is at work, nothing left behind, and nothing waits for the journal: what there is waits for an
     * answer, or for its turn behind something that does.
     */
    boolean isQuiet() {
        lock.requireHeld();
        return closing.isEmpty()
                && appends.areDone()
                && mends.areDone()
                && exits.areDone()
                && !places.areWanted()
                && lanes.areParked();
    }

    int unfinishedCount() {
        lock.requireHeld();
        return live.size();
    }

    /** Stops whatever has not ended. */
    void cancelAll() {
        lock.requireHeld();
        // The latest first, so that none of those that wait begins in between.
        List.copyOf(live.values()).reversed().forEach(run -> end(run, new Ending.Cancelled()));
    }

    /** Whether there is anything that has not ended, or whose end is not written. */
    boolean hasUnfinished() {
        lock.requireHeld();
        return torn || !live.isEmpty() || !closing.isEmpty();
    }

    /** Whether something of a run could not be written because the journal failed. */
    boolean isTorn() {
        lock.requireHeld();
        return torn;
    }

    /** When something of a run was last seen to end, on the clock that never jumps. */
    long lastActive() {
        lock.requireHeld();
        return lastActive;
    }

    private void active() {
        lastActive = parts.environment().nanoTime().getAsLong();
    }

    boolean isUnhealthy(String plugin) {
        return lock.call(() -> exits.isUnhealthy(plugin));
    }

    /** Whether one more run for the thread would have to wait although the queue is full. */
    boolean isQueueFullFor(ThreadId thread) {
        lock.requireHeld();
        int queued = 0;
        int startable = 0;
        for (LiveRun run : live.values()) {
            if (run.state == RunState.QUEUED) {
                queued++;
                startable += lanes.isFirst(run) ? 1 : 0;
            }
        }
        boolean startsAtOnce = !lanes.isBusy(thread) && startable < places.free();
        int waiting = queued - Math.min(startable, places.free());
        return !startsAtOnce && waiting >= parts.limits().user().queuedRuns();
    }

    /** Takes a run in; it may begin once {@link #accepted} says that its acceptance is durable. */
    void add(LiveRun run) {
        lock.requireHeld();
        live.put(run.id, run);
        lanes.add(run);
    }

    /** Takes in a run that had been accepted before; it goes on when {@link #restored} is called. */
    void restore(LiveRun run) {
        add(run);
        if (run.state != RunState.QUEUED && !run.parked) {
            places.want(run);
        }
    }

    /** Lets what was restored go on. */
    void restored() {
        lock.requireHeld();
        places.fill();
    }

    void accepted(LiveRun run) {
        lock.requireHeld();
        run.durable = true;
        lock.afterwards(() -> run.accepted.complete(true));
        run.endsWhenAccepted.ifPresent(ending -> end(run, ending));
        places.fill();
    }

    /** Forgets a run whose acceptance could not be written. */
    void remove(LiveRun run) {
        lock.requireHeld();
        if (!run.ended) {
            forget(run);
        }
    }

    /** Forgets a run of which the journal knows nothing. */
    private void forget(LiveRun run) {
        run.ended = true;
        live.remove(run.id);
        lanes.remove(run);
        active();
        lock.afterwards(parts.platform()::runEnded);
        giveUp(run);
        places.fill();
    }

    /** Tells whoever waits for something of the run that nothing will come of it here. */
    private void giveUp(LiveRun run) {
        lock.afterwards(() -> {
            run.accepted.complete(false);
            run.terminated.completeExceptionally(Refusals.journalUnavailable());
        });
    }

    private Optional<LiveRun> nextQueued() {
        return live.values().stream()
                .filter(run -> run.state == RunState.QUEUED && run.durable && lanes.isFirst(run))
                .findFirst();
    }

    Duration timeLeft(LiveRun run) {
        return lock.call(run.deadline::left);
    }

    /** The thread goes to wait for an answer or for sub-agents. */
    void pause(LiveRun run) {
        lock.run(() -> {
            run.busyThreads--;
            giveUpPlaceIfAllWait(run);
        });
    }

    private void giveUpPlaceIfAllWait(LiveRun run) {
        if (run.ended || run.busyThreads > 0 || run.questions.isEmpty() || run.state != RunState.RUNNING) {
            return;
        }
        run.state = RunTransitions.check(run.state, RunState.WAITING_FOR_ANSWER);
        run.deadline.stop();
        JournalAppend append = new JournalAppend().change(new RecordChange.RunSaved(run.record()));
        if (run.isResumable()) {
            append.change(new RecordChange.RunCarried(run.id, run.carry.worked(run.deadline.worked())));
            awaitSuspension(run);
        }
        appends.append(run, append);
        places.release(run);
    }

    private void awaitSuspension(LiveRun run) {
        Duration patience = suspendsAtOnce ? Duration.ZERO : parts.limits().run().suspendAfter();
        run.suspension = parts.alarms().after(patience, () -> lock.run(() -> suspend(run)));
    }

    /** Takes the threads from a run that waits for nothing but answers. */
    private void suspend(LiveRun run) {
        if (run.ended || run.state != RunState.WAITING_FOR_ANSWER || places.isWanted(run)) {
            return;
        }
        boolean isSettled = run.appendsUnderWay == 0 && run.questions.size() == run.asked.size();
        if (!isSettled) {
            awaitSuspension(run);
            return;
        }
        LiveRun waiting = run.suspended();
        live.put(run.id, waiting);
        lanes.replace(run, waiting);
        detach(run);
    }

    /** Has every run that waits and can give up its threads do so at once, from now on. */
    void suspendWaiting() {
        lock.requireHeld();
        suspendsAtOnce = true;
        for (LiveRun run : List.copyOf(live.values())) {
            if (run.isResumable() && !run.parked) {
                run.suspension.cancel();
                suspend(run);
            }
        }
    }

    /** What it waited for has come: a run without threads gets one. */
    void wake(RunId id) {
        lock.requireHeld();
        LiveRun run = live.get(id);
        if (run != null && run.parked) {
            run.parked = false;
            places.want(run);
            places.fill();
        }
    }

    /** Takes a run away from its threads, for which it has ended. Nothing is written. */
    private void detach(LiveRun run) {
        run.ended = true;
        run.suspension.cancel();
        run.deltas.clear();
        lock.afterwards(() -> run.begun.complete(false));
        exits.detached(run);
    }

    /**
     * Forgets a run that goes on in another room, over the same log. Nothing of it is written any more.
     */
    private void letGo(LiveRun run) {
        live.remove(run.id);
        lanes.remove(run);
        lock.afterwards(parts.platform()::runEnded);
        cutOff(run);
        if (run.torn || !run.durable) {
            giveUp(run);
        }
    }

    /** Takes a run away from its threads and from everything that would call them. */
    private void cutOff(LiveRun run) {
        places.forget(run);
        run.deadline.stop();
        run.asked.values().forEach(pending -> pending.expiry().cancel());
        detach(run);
    }

    /** Forgets everything that is in progress, as a crash would. */
    void letGoOfAll() {
        lock.requireHeld();
        places.close();
        mends.close();
        List.copyOf(live.values()).forEach(this::letGo);
    }

    /** When the next of the open questions expires. */
    Optional<Instant> nextExpiry() {
        lock.requireHeld();
        return live.values().stream()
                .flatMap(run -> run.questions.values().stream())
                .map(pending -> pending.question().expiresAt())
                .min(Comparator.naturalOrder());
    }

    /**
     * Leaves to the next room whatever can go on there, and ends the rest as interrupted.
     */
    void interruptAll() {
        lock.requireHeld();
        places.close();
        for (LiveRun run : List.copyOf(live.values())) {
            if (run.torn || run.endsWhenAccepted.isPresent()) {
                // It ends as soon as it is known what is kept of it.
                continue;
            }
            if (run.state == RunState.QUEUED) {
                letGo(run);
            } else if (run.isResumable()) {
                appends.append(run, new JournalAppend().change(
                        new RecordChange.RunCarried(run.id, run.carry.worked(run.deadline.worked()))));
                letGo(run);
            } else {
                end(run, new Ending.Failed(
                        ErrorCode.INTERRUPTED, "The platform was stopped before the run ended."));
            }
        }
    }

    /**
     * The thread goes on, if need be after waiting for a place.
     *
     * @throws RunStoppedException if the run has ended
     */
    void resume(LiveRun run) {
        CompletableFuture<Boolean> place = lock.call(() -> {
            run.busyThreads++;
            if (!run.ended && !run.holdsPlace && !places.isWanted(run)) {
                run.placeAgain = new CompletableFuture<>();
                places.want(run);
                places.fill();
            }
            return run.placeAgain;
        });
        Waiting.forAnswer(run, place);
    }

    /** A thread begins, or goes on in code of this plugin. */
    void enter(LiveRun run, Thread thread, String plugin) {
        lock.run(() -> {
            if (run.threads.put(thread, plugin) == null) {
                run.busyThreads++;
            }
        });
    }

    /** A thread of the run is gone. */
    void leave(LiveRun run, Thread thread) {
        lock.run(() -> {
            run.threads.remove(thread);
            run.busyThreads--;
            giveUpPlaceIfAllWait(run);
            if (run.threads.isEmpty() && run.ended) {
                exits.settle(run);
            }
        });
    }

    /** What the run had is for others now. */
    private void giveWay(LiveRun run) {
        active();
        lanes.remove(run);
        places.release(run);
        places.fill();
    }

    /**
     * Ends a run, unless it has ended: closes what it has open, writes the terminal event, and stops its threads. Of a
     * run that has ended the attempt is counted and nothing else happens. One whose acceptance is not durable ends when
     * it is: nothing may be written of a run that was never accepted.
     */
    void end(LiveRun run, Ending ending) {
        lock.run(() -> {
            if (run.ended) {
                run.lateOutputs++;
            } else if (!run.durable) {
                run.endsWhenAccepted = run.endsWhenAccepted.or(() -> Optional.of(ending));
            } else if (!run.torn) {
                write(run, ending);
            }
        });
    }

    private void write(LiveRun run, Ending ending) {
        JournalAppend last = new JournalAppend();
        endings.end(run, ending, last);
        run.suspension.cancel();
        live.remove(run.id);
        closing.put(run.id, run);
        places.forget(run);
        appends.append(run, last)
                .whenComplete((place, failure) -> terminalEventTold(run, Optional.ofNullable(failure)));
        lock.afterwards(parts.platform()::runEnded);
        exits.ended(run);
    }

    private void terminalEventTold(LiveRun run, Optional<Throwable> failure) {
        lock.run(() -> {
            closing.remove(run.id);
            active();
            if (failure.isEmpty()) {
                lock.afterwards(() -> run.terminated.complete(run.record().view()));
                return;
            }
            LOG.error("the end of a run could not be written exception={}", Faults.describe(failure.get()));
            giveUp(run);
            if (!mends.isClosed()) {
                parts.platform().takeBack();
                keepAsLost(run, RunAppends.isOfJournal(failure.get()));
                mends.begin(run.id);
            }
        });
    }

    // ---- what the journal lost something of

    @Override
    public void lost(LiveRun run, boolean ofJournal) {
        // Without an acceptance it never was; the loss of a terminal event is told of by its own append.
        if (run.durable && !run.ended) {
            keepAsLost(run, ofJournal);
            cutOff(run);
        }
    }

    /** Keeps the run's place until its end is written: here, or by another room if the journal failed as a whole. */
    private void keepAsLost(LiveRun run, boolean ofJournal) {
        LiveRun lost = run.lost();
        live.put(run.id, lost);
        lanes.keep(run, lost);
        torn |= ofJournal;
        if (ofJournal) {
            giveUp(lost);
        } else {
            mends.add(lost);
        }
    }

    @Override
    public void settled(LiveRun run) {
        mends.begin(run.id);
    }

    /** Ends a run that had lost something, as it is kept. */
    private void mended(LiveRun lost, Optional<LiveRun> kept) {
        if (kept.isEmpty()) {
            forget(lost);
            return;
        }
        LiveRun run = kept.get();
        live.put(run.id, run);
        lanes.replace(lost, run);
        CompletionStage<RunView> terminated = run.terminated.minimalCompletionStage();
        terminated.whenComplete((view, failure) -> {
            if (failure == null) {
                lost.terminated.complete(view);
            } else {
                lost.terminated.completeExceptionally(failure);
            }
        });
        end(run, new Ending.Failed(ErrorCode.JOURNAL_UNAVAILABLE, "The journal could not be written."));
    }
}
