package io.insula.engine.user;

import io.insula.agent.RunId;
import io.insula.engine.user.ReferenceRun.End;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The runs of one user that were ever accepted, in that order, and those of each thread. */
final class ReferenceRuns {
    private final Map<String, ReferenceRun> runs = new LinkedHashMap<>();
    private final Map<String, List<ReferenceRun>> lanes = new HashMap<>();

    /** Whether there was no such run. */
    boolean add(ReferenceRun run) {
        lanes.computeIfAbsent(run.thread, thread -> new ArrayList<>()).add(run);
        return runs.put(run.id, run) == null;
    }

    Optional<ReferenceRun> find(String run) {
        return Optional.ofNullable(runs.get(run));
    }

    ReferenceRun known(RunId run) {
        return find(run.value()).orElseThrow(() -> new AssertionError("nobody has accepted " + run));
    }

    Collection<ReferenceRun> all() {
        return runs.values();
    }

    List<ReferenceRun> in(String thread) {
        return lanes.getOrDefault(thread, List.of());
    }

    /** Those that the event speaks of. */
    Stream<ReferenceRun> namedIn(DecidedEvent event) {
        return runs.values().stream().filter(run -> event.json.contains("\"" + run.id + "\""));
    }

    int queued() {
        return (int) runs.values().stream()
                .filter(run -> !run.hasEnded() && run.startedAt == Integer.MAX_VALUE)
                .count();
    }

    /** Those that may have waited for an answer in no room, and those that waited for them. */
    int mayHaveBeenAway() {
        return lanes.values().stream()
                .map(lane -> lane.stream().filter(run -> !run.hasEnded()).toList())
                .filter(lane -> lane.stream().anyMatch(run -> run.isResumable() && run.hasAsked))
                .mapToInt(List::size)
                .sum();
    }

    boolean allEnded() {
        return runs.values().stream().allMatch(ReferenceRun::hasEnded);
    }

    /** Forgets those whose acceptance is lost; the others that had not ended were cut off. */
    void crashed() {
        runs.values().removeIf(run -> run.end == End.NEVER_WAS);
        lanes.values().forEach(lane -> lane.removeIf(run -> run.end == End.NEVER_WAS));
        runs.values().forEach(run -> run.wasCutOff |= !run.hasEnded());
    }

    /** The messages that are to be shown of a thread, by run, in order. */
    List<String> messages(String thread) {
        List<String> expected = new ArrayList<>();
        for (ReferenceRun run : in(thread)) {
            for (int i = 0; !run.hidden && run.durable && i <= run.said; i++) {
                expected.add(run.id);
            }
        }
        return expected;
    }

    /** A run whose end is lost is ended once more, with a message that what hid the others did not know. */
    boolean mayShowThoughHidden(String run) {
        ReferenceRun known = runs.get(run);
        return known != null && known.hidden && known.lostSomething;
    }

    /** The threads in which anything was accepted. */
    List<String> threads() {
        return lanes.keySet().stream()
                .filter(thread -> in(thread).stream().anyMatch(run -> run.durable))
                .toList();
    }
}
