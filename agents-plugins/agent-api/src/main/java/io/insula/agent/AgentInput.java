package io.insula.agent;

import java.util.List;

/**
 * What an agent is asked.
 *
 * @param text the words, perhaps empty; never {@code null}
 * @param attachments the files that came with them, in the order given; unmodifiable, never {@code null}
 */
public record AgentInput(String text, List<Attachment> attachments) {
    /** Copies the list. */
    public AgentInput {
        attachments = List.copyOf(attachments);
    }
}
