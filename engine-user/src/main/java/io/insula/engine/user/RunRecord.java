package io.insula.engine.user;

import io.insula.agent.RunId;
import io.insula.agent.ThreadId;
import io.insula.engine.api.OpenQuestion;
import io.insula.engine.api.RunState;
import io.insula.engine.api.RunView;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A run, as the journal keeps it.
 *
 * @param ordinal its place among the user's runs, in the order accepted
 */
record RunRecord(
        RunId id,
        ThreadId thread,
        long ordinal,
        String agent,
        RunState state,
        Optional<String> code,
        Instant acceptedAt,
        Optional<Instant> startedAt,
        Optional<Instant> endedAt,
        List<OpenQuestion> questions) {
    RunView view() {
        return new RunView(id, thread, agent, state, code, acceptedAt, startedAt, endedAt, questions);
    }
}
