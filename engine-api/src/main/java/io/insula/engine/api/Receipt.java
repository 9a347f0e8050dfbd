package io.insula.engine.api;

import io.insula.agent.RunId;
import io.insula.agent.ThreadId;

/**
 * What was accepted, durably.
 *
 * @param run the run
 * @param thread its thread
 * @param position the position of the event that tells of the acceptance
 */
public record Receipt(RunId run, ThreadId thread, Position position) {}
