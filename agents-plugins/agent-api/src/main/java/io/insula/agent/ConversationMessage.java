package io.insula.agent;

import java.time.Instant;
import java.util.List;

/**
 * A message of the thread, as later runs see it.
 *
 * @param role who wrote it
 * @param agent the agent that was asked or that answered
 * @param text the words
 * @param attachments the files given with it; unmodifiable
 * @param at when it was accepted or completed
 */
public record ConversationMessage(Role role, String agent, String text, List<Attachment> attachments, Instant at) {
    /** Copies the list. */
    public ConversationMessage {
        attachments = List.copyOf(attachments);
    }

    /** Who wrote a message. */
    public enum Role {
        /** The user. */
        USER,
        /** An agent. */
        ASSISTANT
    }
}
