package io.insula.engine.api;

import io.insula.agent.RunId;
import io.insula.agent.ThreadId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A run, as it stood when it was read.
 *
 * @param run its id
 * @param thread its thread
 * @param agent who answers
 * @param state where it stands
 * @param code the error's word, if it failed or timed out
 * @param acceptedAt when it was accepted
 * @param startedAt when it began
 * @param endedAt when it ended
 * @param questions what it waits for; unmodifiable
 */
public record RunView(
        RunId run,
        ThreadId thread,
        String agent,
        RunState state,
        Optional<String> code,
        Instant acceptedAt,
        Optional<Instant> startedAt,
        Optional<Instant> endedAt,
        List<OpenQuestion> questions) {
    /** Copies the list. */
    public RunView {
        questions = List.copyOf(questions);
    }
}
