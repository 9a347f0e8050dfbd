package io.insula.engine.api;

import io.insula.agent.RunId;
import io.insula.agent.ThreadId;

/**
 * Something that happened, at its place in the user's log.
 *
 * @param sequence its place, from 1, without holes
 * @param thread the thread it belongs to
 * @param run the run it belongs to
 * @param json the event in the vocabulary of AG-UI 1.0, as one JSON object
 */
public record UserEvent(long sequence, ThreadId thread, RunId run, String json) {}
