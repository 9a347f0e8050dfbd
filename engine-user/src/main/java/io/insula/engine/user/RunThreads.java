package io.insula.engine.user;

import io.insula.agent.RunId;
import io.insula.agent.RunStoppedException;
import io.insula.engine.api.RunState;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * The threads that runs have: how they come, wait, go on and go. A run whose threads all wait gives up its place; if it
 * can be called again, it gives up its threads after a while, and gets others when what it waits for has come. Guarded
 * by the room's lock, which every method takes that does not require it.
 */
final class RunThreads {
    private final RoomLock lock;
    private final RoomParts parts;
    private final LiveRuns runs;
    private final RunPlaces places;
    private final RunExits exits;
    private final RunAppends appends;
    /** Whether runs that wait give up their threads without waiting for long. */
    private boolean suspendsAtOnce;

    RunThreads(
            RoomLock lock, RoomParts parts, LiveRuns runs, RunPlaces places, RunExits exits, RunAppends appends) {
        this.lock = lock;
        this.parts = parts;
        this.runs = runs;
        this.places = places;
        this.exits = exits;
        this.appends = appends;
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

    /** The thread goes to wait for an answer or for sub-agents. */
    void pause(LiveRun run) {
        lock.run(() -> {
            run.busyThreads--;
            giveUpPlaceIfAllWait(run);
        });
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
        // What stands for a run that lost something waits for nothing but its end.
        if (run.ended || run.torn || run.state != RunState.WAITING_FOR_ANSWER || places.isWanted(run)) {
            return;
        }
        boolean isSettled = run.appendsUnderWay == 0 && run.questions.size() == run.asked.size();
        if (!isSettled) {
            awaitSuspension(run);
            return;
        }
        runs.replace(run, run.suspended());
        exits.detach(run);
    }

    /** Has every run that waits and can give up its threads do so at once, from now on. */
    void suspendWaiting() {
        lock.requireHeld();
        suspendsAtOnce = true;
        for (LiveRun run : runs.unfinished()) {
            if (run.isResumable() && !run.parked) {
                run.suspension.cancel();
                suspend(run);
            }
        }
    }

    /** What it waited for has come: a run without threads gets one. */
    void wake(RunId id) {
        lock.requireHeld();
        Optional<LiveRun> parked = runs.unfinished(id).filter(run -> run.parked);
        if (parked.isPresent()) {
            parked.get().parked = false;
            places.want(parked.get());
            places.fill();
        }
    }
}
