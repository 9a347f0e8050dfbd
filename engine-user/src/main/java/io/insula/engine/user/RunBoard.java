package io.insula.engine.user;

import io.insula.agent.RunId;
import io.insula.agent.ThreadId;
import io.insula.agent.UserId;
import io.insula.engine.api.ErrorCode;
import io.insula.engine.api.RunState;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All that one user has in progress: which runs are taken in, and how each ends.
 *
 * <p>Every change of a run's state is made here or in what the board is made of, under the room's lock, together with the
 * append that tells of it; the journal keeps appends of one user in order, so what clients see is the order of the
 * decisions.
 */
final class RunBoard {
    private static final Logger LOG = LoggerFactory.getLogger(RunBoard.class);

    private final RoomLock lock;
    private final RoomParts parts;
    private final RunEndings endings;
    /** Guarded by {@link #lock}, as everything below. */
    private final LiveRuns runs;

    private final RunPlaces places;
    private final RunExits exits;
    private final RunLosses losses;
    private final RunAppends appends;
    private final RunThreads threads;

    /**
     * Makes the board of a user.
     *
     * @param work does a run, in the thread that was made for it
     */
    RunBoard(UserId user, RoomLock lock, RoomParts parts, Consumer<LiveRun> work) {
        this.lock = lock;
        this.parts = parts;
        this.endings = new RunEndings(parts);
        this.runs = new LiveRuns(parts);
        RunStarts starts = new RunStarts(this, lock, parts, endings, work);
        this.places = new RunPlaces(lock, parts, runs::nextQueued, starts::goOn);
        this.exits = new RunExits(lock, parts, runs, places);
        this.losses = new RunLosses(user, lock, parts, runs, exits, this::end);
        this.appends = new RunAppends(user, lock, parts, losses);
        this.threads = new RunThreads(lock, parts, runs, places, exits, appends);
    }

    /** How this user's runs end; one for all that need it, since there are many rooms. */
    RunEndings endings() {
        return endings;
    }

    /** The way of what is appended of this user's runs. */
    RunAppends appends() {
        return appends;
    }

    /** The threads that this user's runs have. */
    RunThreads threads() {
        return threads;
    }

    // ---- what there is

    Optional<LiveRun> find(RunId run) {
        lock.requireHeld();
        return runs.find(run);
    }

    /** The runs of the thread that have not ended, in the order accepted. */
    List<LiveRun> unfinishedIn(ThreadId thread) {
        lock.requireHeld();
        return runs.unfinishedIn(thread);
    }

    /** A run of which is not known yet whether it is accepted. */
    Optional<LiveRun> coming() {
        lock.requireHeld();
        return runs.coming();
    }

    int unfinishedCount() {
        lock.requireHeld();
        return runs.unfinishedCount();
    }

    /**
     * Whether nothing is at work, nothing left behind, and nothing waits for the journal: what there is waits for an
     * answer, or for its turn behind something that does.
     */
    boolean isQuiet() {
        lock.requireHeld();
        return appends.areDone()
                && losses.areMended()
                && exits.areDone()
                && !places.areWanted()
                && runs.areParked();
    }

    /** Whether there is anything that has not ended, or whose end is not written. */
    boolean hasUnfinished() {
        lock.requireHeld();
        return losses.areOfJournal() || !runs.isEmpty();
    }

    /** Whether something of a run could not be written because the journal failed. */
    boolean isTorn() {
        lock.requireHeld();
        return losses.areOfJournal();
    }

    /** When something of a run was last seen to end, on the clock that never jumps. */
    long lastActive() {
        lock.requireHeld();
        return runs.lastActive();
    }

    /** When the next of the open questions expires. */
    Optional<Instant> nextExpiry() {
        lock.requireHeld();
        return runs.nextExpiry();
    }

    /** Whether one more run for the thread would have to wait although the queue is full. */
    boolean isQueueFullFor(ThreadId thread) {
        lock.requireHeld();
        return runs.isQueueFullFor(thread, places.free());
    }

    boolean isUnhealthy(String plugin) {
        return lock.call(() -> exits.isUnhealthy(plugin));
    }

    Duration timeLeft(LiveRun run) {
        return lock.call(run.deadline::left);
    }

    // ---- what is taken in

    /** Takes a run in; it may begin once {@link #accepted} says that its acceptance is durable. */
    void add(LiveRun run) {
        lock.requireHeld();
        runs.add(run);
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
            exits.forget(run);
        }
    }

    // ---- what ends

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
        runs.ended(run);
        places.forget(run);
        appends.append(run, last)
                .whenComplete((place, failure) -> terminalEventTold(run, Optional.ofNullable(failure)));
        lock.afterwards(parts.platform()::runEnded);
        exits.ended(run);
    }

    private void terminalEventTold(LiveRun run, Optional<Throwable> failure) {
        lock.run(() -> {
            runs.endTold(run);
            if (failure.isEmpty()) {
                lock.afterwards(() -> run.terminated.complete(run.record().view()));
                return;
            }
            LOG.error("the end of a run could not be written exception={}", Faults.describe(failure.get()));
            losses.endLost(run, failure.get());
        });
    }

    /** Stops whatever has not ended. */
    void cancelAll() {
        lock.requireHeld();
        // The latest first, so that none of those that wait begins in between.
        runs.unfinished().reversed().forEach(run -> end(run, new Ending.Cancelled()));
    }

    /**
     * Leaves to the next room whatever can go on there, and ends the rest as interrupted.
     */
    void interruptAll() {
        lock.requireHeld();
        places.close();
        for (LiveRun run : runs.unfinished()) {
            if (run.torn || run.endsWhenAccepted.isPresent()) {
                // It ends as soon as it is known what is kept of it.
                continue;
            }
            if (run.state == RunState.QUEUED) {
                exits.letGo(run);
            } else if (run.isResumable()) {
                appends.append(run, new JournalAppend().change(
                        new RecordChange.RunCarried(run.id, run.carry.worked(run.deadline.worked()))));
                exits.letGo(run);
            } else {
                end(run, new Ending.Failed(
                        ErrorCode.INTERRUPTED, "The platform was stopped before the run ended."));
            }
        }
    }

    /** Forgets everything that is in progress, as a crash would. */
    void letGoOfAll() {
        lock.requireHeld();
        places.close();
        losses.close();
        runs.unfinished().forEach(exits::letGo);
    }
}
