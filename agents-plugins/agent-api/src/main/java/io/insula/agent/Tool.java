package io.insula.agent;

/**
 * A piece of work with checked arguments that an agent calls through its context, so that the user sees it begin and
 * end.
 *
 * <p>A class becomes a tool by implementing this interface and carrying {@link ToolInfo} and PF4J's
 * {@code @Extension}. The platform makes a new instance for every call.
 *
 * <p>Input and output are records whose components are {@code String}, {@code boolean}, {@code int}, {@code long},
 * {@code double}, their boxes, {@code BigDecimal}, {@code Instant}, {@code LocalDate}, {@code Duration}, enums, other
 * such records, {@code Optional}, {@code List} and {@code Map<String, …>} of these. The platform derives the JSON
 * schema, checks arguments against it and maps both ways. Components may carry {@link Describe}.
 *
 * @param <I> the arguments
 * @param <O> the result
 */
public interface Tool<I extends Record, O extends Record> {
    /**
     * Does the work.
     *
     * <p>Called in the thread of the agent that called; it may block, and must let {@link RunStoppedException} pass.
     *
     * @param input the arguments, checked; never {@code null}
     * @param context the call; usable in this thread until the method returns; never {@code null}
     * @return the result, at most 1 MiB as JSON; never {@code null}
     * @throws AgentFailure to fail the call with a code and message that agent and user see
     * @throws Exception anything else fails the call as {@code tool-failed}; its text goes to the log only
     */
    O call(I input, ToolContext context) throws Exception;
}
