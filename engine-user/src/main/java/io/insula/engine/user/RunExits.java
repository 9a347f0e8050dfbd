package io.insula.engine.user;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How the threads of runs go that have ended or were taken away from them: they are interrupted, waited for, and
 * abandoned if they take too long. Guarded by the room's lock.
 */
final class RunExits {
    private static final Logger LOG = LoggerFactory.getLogger(RunExits.class);

    private final RoomLock lock;
    private final RoomParts parts;
    private final Consumer<LiveRun> giveWay;
    /** Runs that were taken away from their threads, which are not gone yet. */
    private final Set<LiveRun> leaving = new OccasionalSet<>();

    private final Map<String, Integer> abandonedByPlugin = new OccasionalMap<>();

    /**
     * Makes one for a user.
     *
     * @param giveWay told of a run that nobody waits for any more
     */
    RunExits(RoomLock lock, RoomParts parts, Consumer<LiveRun> giveWay) {
        this.lock = lock;
        this.parts = parts;
        this.giveWay = giveWay;
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

    /** The run was taken away from its threads. */
    void detached(LiveRun run) {
        if (!run.threads.isEmpty()) {
            leaving.add(run);
        }
        ended(run);
    }

    /** All threads of an ended run are gone. */
    void settle(LiveRun run) {
        run.grace.cancel();
        leaving.remove(run);
        if (run.abandonedIn.isEmpty()) {
            giveWay.accept(run);
            return;
        }
        String plugin = run.abandonedIn.get();
        abandonedByPlugin.computeIfPresent(plugin, (p, count) -> count == 1 ? null : count - 1);
        LOG.info("abandoned run has ended plugin={}", plugin);
        giveWay.accept(run);
    }

    private void abandon(LiveRun run) {
        lock.run(() -> {
            if (run.threads.isEmpty() || run.abandonedIn.isPresent()) {
                return;
            }
            String plugin = run.threads.values().iterator().next();
            run.abandonedIn = Optional.of(plugin);
            abandonedByPlugin.merge(plugin, 1, Integer::sum);
            leaving.remove(run);
            LOG.warn("run ignores its stop and is abandoned plugin={} agent={}", plugin, run.agent);
            giveWay.accept(run);
        });
    }
}
