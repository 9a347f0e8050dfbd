package io.insula.agent;

import java.util.List;
import java.util.Optional;

/**
 * Work that an agent gives to another one.
 *
 * <pre>{@code
 * Outcome<Figures> outcome = context.delegate(
 *         Delegation.to("data", Figures.class).withAttachments(context.input().attachments()));
 * }</pre>
 *
 * @param agent the name of the agent
 * @param text what to do, in words; perhaps empty
 * @param attachments files of the user; unmodifiable
 * @param data typed input that the other agent reads with {@link AgentContext#data}; copied, not shared
 * @param resultType what the other agent is expected to return
 * @param <R> the type of the result
 */
public record Delegation<R extends Record>(
        String agent, String text, List<Attachment> attachments, Optional<Record> data, Class<R> resultType) {
    /** Copies the list. */
    public Delegation {
        attachments = List.copyOf(attachments);
    }

    /** Work for an agent that returns an {@code R}. */
    public static <R extends Record> Delegation<R> to(String agent, Class<R> resultType) {
        return new Delegation<>(agent, "", List.of(), Optional.empty(), resultType);
    }

    /** Work for an agent whose result does not matter. */
    public static Delegation<AgentResult.Nothing> to(String agent) {
        return to(agent, AgentResult.Nothing.class);
    }

    /** The same work with these words. */
    public Delegation<R> withText(String text) {
        return new Delegation<>(agent, text, attachments, data, resultType);
    }

    /** The same work with these files. */
    public Delegation<R> withAttachments(List<Attachment> attachments) {
        return new Delegation<>(agent, text, attachments, data, resultType);
    }

    /** The same work with this typed input. */
    public Delegation<R> withData(Record data) {
        return new Delegation<>(agent, text, attachments, Optional.of(data), resultType);
    }
}
