package io.insula.engine.user;

import io.insula.agent.RunId;
import io.insula.agent.ThreadId;
import io.insula.engine.api.RunState;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which runs one user has that have not ended, or whose end is not durable yet. For each that has not ended there is one
 * object, which is in the lane of its thread, too; one that has ended stays in its lane until its threads are gone.
 * Guarded by the room's lock.
 */
final class LiveRuns {
    private final RoomParts parts;
    /** Runs that have not ended, in the order accepted. */
    private final Map<RunId, LiveRun> live = new OccasionalMap<>();
    /** Runs that have ended and whose last event is not durable yet. */
    private final Map<RunId, LiveRun> closing = new OccasionalMap<>();

    private final RunLanes lanes = new RunLanes();
    private long lastActive;

    LiveRuns(RoomParts parts) {
        this.parts = parts;
        this.lastActive = parts.environment().nanoTime().getAsLong();
    }

    Optional<LiveRun> find(RunId run) {
        return unfinished(run).or(() -> Optional.ofNullable(closing.get(run)));
    }

    /** The run, if it has not ended. */
    Optional<LiveRun> unfinished(RunId run) {
        return Optional.ofNullable(live.get(run));
    }

    /** Those that have not ended, in the order accepted. */
    List<LiveRun> unfinished() {
        return List.copyOf(live.values());
    }

    /** A run whose acceptance is not durable yet. */
    Optional<LiveRun> coming() {
        return live.values().stream().filter(run -> !run.durable).findFirst();
    }

    int unfinishedCount() {
        return live.size();
    }

    /** The runs of the thread that have not ended, in the order accepted. */
    List<LiveRun> unfinishedIn(ThreadId thread) {
        return lanes.unfinishedIn(thread);
    }

    boolean isEmpty() {
        return live.isEmpty() && closing.isEmpty();
    }

    /** Whether no end waits for the journal, and in every thread something waits for an answer without a thread. */
    boolean areParked() {
        return closing.isEmpty() && lanes.areParked();
    }

    /** Whether one more run for the thread would have to wait although the queue is full. */
    boolean isQueueFullFor(ThreadId thread, int freePlaces) {
        int queued = 0;
        int startable = 0;
        for (LiveRun run : live.values()) {
            if (run.state == RunState.QUEUED) {
                queued++;
                startable += lanes.isFirst(run) ? 1 : 0;
            }
        }
        boolean startsAtOnce = !lanes.isBusy(thread) && startable < freePlaces;
        int waiting = queued - Math.min(startable, freePlaces);
        return !startsAtOnce && waiting >= parts.limits().user().queuedRuns();
    }

    /** The run that may begin next. */
    Optional<LiveRun> nextQueued() {
        for (LiveRun run : live.values()) {
            if (run.state == RunState.QUEUED && run.durable && lanes.isFirst(run)) {
                return Optional.of(run);
            }
        }
        return Optional.empty();
    }

    /** When the next of the open questions expires. */
    Optional<Instant> nextExpiry() {
        return live.values().stream()
                .flatMap(run -> run.questions.values().stream())
                .map(pending -> pending.question().expiresAt())
                .min(Comparator.naturalOrder());
    }

    /** When something of a run was last seen to end, on the clock that never jumps. */
    long lastActive() {
        return lastActive;
    }

    private void active() {
        lastActive = parts.environment().nanoTime().getAsLong();
    }

    void add(LiveRun run) {
        live.put(run.id, run);
        lanes.add(run);
    }

    /** Puts another object for the same run in its place. */
    void replace(LiveRun before, LiveRun after) {
        live.put(after.id, after);
        lanes.replace(before, after);
    }

    /** Puts another object for the same run in its place, or before all others of its thread if it has left. */
    void keep(LiveRun before, LiveRun after) {
        live.put(after.id, after);
        lanes.keep(before, after);
    }

    /** The run has ended; that is to be written. */
    void ended(LiveRun run) {
        live.remove(run.id);
        closing.put(run.id, run);
    }

    /** It is known whether the end of the run is durable. */
    void endTold(LiveRun run) {
        closing.remove(run.id);
        active();
    }

    /** Lets the next run of its thread come first. */
    void leaveLane(LiveRun run) {
        active();
        lanes.remove(run);
    }

    void remove(LiveRun run) {
        live.remove(run.id);
        leaveLane(run);
    }
}
