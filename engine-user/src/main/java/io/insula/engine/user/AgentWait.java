package io.insula.engine.user;

import io.insula.agent.RunStoppedException;
import io.insula.agent.hosting.AgentLease;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * How a run gets its agent. What was accepted is not lost because its plugin is late: behind a start of the platform, or
 * while an operator puts another file in its place.
 */
final class AgentWait {
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(500);

    private final RoomParts parts;

    AgentWait(RoomParts parts) {
        this.parts = parts;
    }

    /**
     * Takes hold of the run's agent. Waits in the run's thread, as long as the limits say, while it is not loaded.
     *
     * @return the lease, which the caller closes; empty if the agent did not come
     * @throws RunStoppedException if the run ended meanwhile
     */
    Optional<AgentLease> lease(LiveRun run) {
        long begun = parts.environment().nanoTime().getAsLong();
        long most = parts.limits().run().agentWait().toNanos();
        while (true) {
            Optional<AgentLease> lease = parts.catalog().lease(run.agent);
            long left = most - (parts.environment().nanoTime().getAsLong() - begun);
            if (lease.isPresent() || left <= 0) {
                return lease;
            }
            pause(run, Duration.ofNanos(Math.min(left, BETWEEN_LOOKS.toNanos())));
        }
    }

    private void pause(LiveRun run, Duration time) {
        CompletableFuture<Boolean> over = new CompletableFuture<>();
        Alarms.Alarm alarm = parts.alarms().after(time, () -> over.complete(true));
        try {
            Waiting.forAnswer(run, over);
        } finally {
            alarm.cancel();
        }
    }
}
