package io.insula.engine.api;

import io.insula.agent.Attachment;
import io.insula.agent.ConversationMessage;
import io.insula.agent.RunId;
import java.time.Instant;
import java.util.List;

/**
 * A message of a thread.
 *
 * @param id unique within the user, the same as in the events
 * @param run the run it belongs to
 * @param role who wrote it
 * @param agent the agent that was asked or that answered
 * @param text the words
 * @param attachments the files given with it; unmodifiable
 * @param at when it was accepted or completed
 */
public record ThreadMessage(
        String id,
        RunId run,
        ConversationMessage.Role role,
        String agent,
        String text,
        List<Attachment> attachments,
        Instant at) {
    /** Copies the list. */
    public ThreadMessage {
        attachments = List.copyOf(attachments);
    }
}
