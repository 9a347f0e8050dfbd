package io.insula.engine.user;

import io.insula.engine.api.RunState;
import java.util.Map;
import java.util.Set;

/** Which state of a run may follow which. */
final class RunTransitions {
    private static final Map<RunState, Set<RunState>> ALLOWED = Map.of(
            RunState.QUEUED, Set.of(RunState.RUNNING, RunState.CANCELLED, RunState.FAILED),
            RunState.RUNNING,
            Set.of(
                    RunState.WAITING_FOR_ANSWER,
                    RunState.COMPLETED,
                    RunState.FAILED,
                    RunState.CANCELLED,
                    RunState.TIMED_OUT),
            RunState.WAITING_FOR_ANSWER, Set.of(RunState.RUNNING, RunState.FAILED, RunState.CANCELLED),
            RunState.COMPLETED, Set.of(),
            RunState.FAILED, Set.of(),
            RunState.CANCELLED, Set.of(),
            RunState.TIMED_OUT, Set.of());

    private RunTransitions() {}

    /**
     * Returns {@code to}.
     *
     * @throws IllegalStateException if it may not follow {@code from}
     */
    static RunState check(RunState from, RunState to) {
        if (!allows(from, to)) {
            throw new IllegalStateException("a run cannot go from " + from + " to " + to);
        }
        return to;
    }

    static boolean allows(RunState from, RunState to) {
        return ALLOWED.getOrDefault(from, Set.of()).contains(to);
    }
}
