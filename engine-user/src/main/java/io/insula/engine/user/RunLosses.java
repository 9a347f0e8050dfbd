package io.insula.engine.user;

import io.insula.agent.UserId;
import io.insula.engine.api.ErrorCode;
import io.insula.engine.api.RunView;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;

/**
 * What becomes of runs of which the journal lost something. Such a run is taken away from its threads, and something
 * stands for it in its place until its end is written: here, or by another room if the journal failed as a whole.
 * Guarded by the room's lock.
 */
final class RunLosses implements RunAppends.Losses {
    private final RoomLock lock;
    private final RoomParts parts;
    private final LiveRuns runs;
    private final RunExits exits;
    private final BiConsumer<LiveRun, Ending> end;
    private final RunMends mends;
    /** Whether something of a run could not be written because the journal failed. */
    private boolean torn;

    /**
     * Makes one for a user.
     *
     * @param end ends a run, so that its end is written
     */
    RunLosses(
            UserId user,
            RoomLock lock,
            RoomParts parts,
            LiveRuns runs,
            RunExits exits,
            BiConsumer<LiveRun, Ending> end) {
        this.lock = lock;
        this.parts = parts;
        this.runs = runs;
        this.exits = exits;
        this.end = end;
        this.mends = new RunMends(user, lock, parts, this::mended);
    }

    /** Whether something of a run could not be written because the journal failed. */
    boolean areOfJournal() {
        return torn;
    }

    /** Whether no run waits here for its end. */
    boolean areMended() {
        return mends.areDone();
    }

    /** Leaves what is not mended to the next room. */
    void close() {
        mends.close();
    }

    @Override
    public void lost(LiveRun run, boolean ofJournal) {
        // Without an acceptance it never was; the loss of a terminal event is told of by its own append.
        if (run.durable && !run.ended) {
            keep(run, ofJournal);
            exits.cutOff(run);
        }
    }

    /** The terminal event of the run was not written: it has not ended after all. */
    void endLost(LiveRun run, Throwable failure) {
        lock.afterwards(() -> run.giveUp(Refusals.unwritten(failure)));
        if (!mends.isClosed()) {
            parts.platform().takeBack();
            keep(run, RunAppends.isOfJournal(failure));
            mends.begin(run.id);
        }
    }

    private void keep(LiveRun run, boolean ofJournal) {
        LiveRun lost = run.lost();
        runs.keep(run, lost);
        torn |= ofJournal;
        if (ofJournal) {
            lock.afterwards(() -> lost.giveUp(Refusals.journalUnavailable()));
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
            exits.forget(lost);
            return;
        }
        LiveRun run = kept.get();
        runs.replace(lost, run);
        CompletionStage<RunView> terminated = run.terminated.minimalCompletionStage();
        terminated.whenComplete((view, failure) -> {
            if (failure == null) {
                lost.terminated.complete(view);
            } else {
                lost.terminated.completeExceptionally(failure);
            }
        });
        end.accept(run, new Ending.Failed(ErrorCode.JOURNAL_UNAVAILABLE, "The journal could not be written."));
    }
}
