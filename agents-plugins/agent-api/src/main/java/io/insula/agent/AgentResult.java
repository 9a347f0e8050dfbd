package io.insula.agent;

/**
 * What an agent returns to whoever called it, another agent or a client. What the user should read is said through
 * {@link AgentContext#say}, not returned.
 *
 * @param data the result, a record of {@linkplain Tool supported components}; never {@code null}
 */
public record AgentResult(Record data) {
    /** The result of an agent that has nothing to return; its type for callers is {@link Nothing}. */
    public static AgentResult done() {
        return new AgentResult(new Nothing());
    }

    /** A result that callers receive as the record type they ask for. */
    public static AgentResult of(Record data) {
        return new AgentResult(data);
    }

    /** The type of a result without content. */
    public record Nothing() {}
}
