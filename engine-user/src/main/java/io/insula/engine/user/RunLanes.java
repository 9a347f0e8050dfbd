package io.insula.engine.user;

import io.insula.agent.ThreadId;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;

/**
 * The runs of each busy thread of conversation: the first is at work or next, the others wait for it. Guarded by the
 * room's lock.
 */
final class RunLanes {
    private final Map<ThreadId, Deque<LiveRun>> lanes = new OccasionalMap<>();

    void add(LiveRun run) {
        lanes.computeIfAbsent(run.thread, t -> new ArrayDeque<>()).add(run);
    }

    boolean isFirst(LiveRun run) {
        Deque<LiveRun> lane = lanes.get(run.thread);
        return lane != null && lane.peekFirst() == run;
    }

    boolean isBusy(ThreadId thread) {
        return lanes.containsKey(thread);
    }

    /** The runs of the thread that have not ended, in the order accepted. */
    List<LiveRun> unfinishedIn(ThreadId thread) {
        Deque<LiveRun> lane = lanes.get(thread);
        return lane == null ? List.of() : lane.stream().filter(run -> !run.ended).toList();
    }

    /** Puts another object for the same run in its place. */
    void replace(LiveRun before, LiveRun after) {
        Deque<LiveRun> lane = lanes.get(before.thread);
        if (lane == null) {
            return;
        }
        List<LiveRun> runs = List.copyOf(lane);
        lane.clear();
        runs.forEach(run -> lane.add(run == before ? after : run));
    }

    /** Puts another object for the same run in its place, or before all others if it has left. */
    void keep(LiveRun before, LiveRun after) {
        Deque<LiveRun> lane = lanes.computeIfAbsent(before.thread, thread -> new ArrayDeque<>());
        if (lane.contains(before)) {
            replace(before, after);
        } else {
            lane.addFirst(after);
        }
    }

    void remove(LiveRun run) {
        Deque<LiveRun> lane = lanes.get(run.thread);
        if (lane != null && lane.remove(run) && lane.isEmpty()) {
            lanes.remove(run.thread);
        }
    }

    /** Whether in every thread something waits for an answer without a thread of its own. */
    boolean areParked() {
        return lanes.values().stream().allMatch(lane -> lane.getFirst().parked);
    }
}
