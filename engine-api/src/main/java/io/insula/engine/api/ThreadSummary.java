package io.insula.engine.api;

import io.insula.agent.ThreadId;
import java.time.Instant;

/**
 * A conversation in a list.
 *
 * @param thread its id
 * @param title given by the user, else the beginning of the first input
 * @param agent who answered last
 * @param createdAt when it began
 * @param updatedAt when its last run was accepted or ended
 * @param busy whether a run of it has not ended
 */
public record ThreadSummary(
        ThreadId thread, String title, String agent, Instant createdAt, Instant updatedAt, boolean busy) {}
