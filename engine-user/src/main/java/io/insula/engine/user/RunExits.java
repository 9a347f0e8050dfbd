package io.insula.engine.user;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How runs go that have ended, that go on elsewhere, or that never were, and their threads with them: these are
 * interrupted, waited for, and abandoned if they take too long. Then what the run had is for others. Guarded by the
 * room's lock.
 */
final class RunExits {
    private static final Logger LOG = LoggerFactory.getLogger(RunExits.class);

    private final RoomLock lock;
    private final RoomParts parts;
    private final LiveRuns runs;
    private final RunPlaces places;
    /** Runs that were taken away from their threads, which are not gone yet. */
    private final Set<LiveRun> leaving = new OccasionalSet<>();

    private final Map<String, Integer> abandonedByPlugin = new OccasionalMap<>();

    RunExits(RoomLock lock, RoomParts parts, LiveRuns runs, RunPlaces places) {
        this.lock = lock;
        this.parts = parts;
        this.runs = runs;
        this.places = places;
    }

    /** Whether no thread is waited for, and none was abandoned and is still there. */
    boolean areDone() {
        return leaving.isEmpty() && abandonedByPlugin.isEmpty();
    }

    boolean isUnhealthy(String plugin) {
        return abandonedByPlugin.getOrDefault(plugin, 0) >= parts.limits().user().abandonedRunsPerPlugin();
    }

    /** The run has ended. */
    void ended(LiveRun run) {
        List<Thread> threads = List.copyOf(run.threads.keySet());
        CompletableFuture<Boolean> place = run.placeAgain;
        lock.afterwards(() -> {
            place.complete(false);
            threads.forEach(Thread::interrupt);
        });
        if (threads.isEmpty()) {
            settle(run);
        } else {
            run.grace = parts.alarms().after(parts.limits().run().stopGrace(), () -> abandon(run));
        }
    }

    /** Takes a run away from its threads, for which it has ended. Nothing is written. */
    void detach(LiveRun run) {
        run.ended = true;
        run.suspension.cancel();
        run.deltas.clear();
        lock.afterwards(() -> run.begun.complete(false));
        if (!run.threads.isEmpty()) {
            leaving.add(run);
        }
        ended(run);
    }

    /** Takes a run away from its threads and from everything that would call them. */
    void cutOff(LiveRun run) {
        places.forget(run);
        run.deadline.stop();
        run.asked.values().forEach(pending -> pending.expiry().cancel());
        detach(run);
    }

    /** Forgets a run that goes on in another room, over the same log. Nothing of it is written any more. */
    void letGo(LiveRun run) {
        runs.remove(run);
        lock.afterwards(parts.platform()::runEnded);
        cutOff(run);
        if (run.torn || !run.durable) {
            lock.afterwards(() -> run.giveUp(Refusals.journalUnavailable()));
        }
    }

    /** Forgets a run of which the journal knows nothing. */
    void forget(LiveRun run) {
        run.ended = true;
        runs.remove(run);
        lock.afterwards(parts.platform()::runEnded);
        lock.afterwards(() -> run.giveUp(Refusals.journalUnavailable()));
        places.fill();
    }

    /** All threads of an ended run are gone. */
    void settle(LiveRun run) {
        run.grace.cancel();
        leaving.remove(run);
        if (run.abandonedIn.isEmpty()) {
            giveWay(run);
            return;
        }
        String plugin = run.abandonedIn.get();
        abandonedByPlugin.computeIfPresent(plugin, (p, count) -> count == 1 ? null : count - 1);
        lock.afterwards(() -> parts.catalog().abandonedRunEnded(plugin));
        LOG.info("abandoned run has ended plugin={}", plugin);
        giveWay(run);
    }

    private void abandon(LiveRun run) {
        lock.run(() -> {
            if (run.threads.isEmpty() || run.abandonedIn.isPresent()) {
                return;
            }
            String plugin = run.threads.values().iterator().next();
            run.abandonedIn = Optional.of(plugin);
            abandonedByPlugin.merge(plugin, 1, Integer::sum);
            lock.afterwards(() -> parts.catalog().runAbandoned(plugin));
            leaving.remove(run);
            LOG.warn("run ignores its stop and is abandoned plugin={} agent={}", plugin, run.agent);
            giveWay(run);
        });
    }

    /** What the run had is for others now: nobody waits for it any more. */
    private void giveWay(LiveRun run) {
        runs.leaveLane(run);
        places.release(run);
        places.fill();
    }
}
