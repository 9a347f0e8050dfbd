package io.insula.agent;

/**
 * Code of a plugin that answers a user's input.
 *
 * <p>A class becomes an agent by implementing this interface and carrying {@link AgentInfo} and PF4J's
 * {@code @Extension}:
 *
 * <pre>{@code
 * @Extension
 * @AgentInfo(name = "hello", summary = "Greets whoever writes")
 * public final class HelloAgent implements Agent {
 *     @Override
 *     public AgentResult run(AgentContext context) {
 *         context.say("Hello, " + context.input().text() + "!");
 *         return AgentResult.done();
 *     }
 * }
 * }</pre>
 *
 * <p>The platform makes a new instance for every run, by an {@code @Inject} constructor or one without parameters, so
 * fields belong to one run of one user. What should be shared by all runs of a plugin must hold no state; what should
 * be kept per user comes from {@link AgentContext#resource} or {@link AgentContext#store}.
 */
public interface Agent {
    /**
     * Answers the input of the context.
     *
     * <p>Called once, in a fresh virtual thread that belongs to this run; it may block. When the run is stopped the
     * thread is interrupted and the next call of the context throws {@link RunStoppedException}: let it pass.
     *
     * @param context the run; usable in the calling thread until this method returns; never {@code null}
     * @return what the agent found, for whoever called it; never {@code null}
     * @throws AgentFailure to end the run as failed with a code and a message that the user sees
     * @throws Exception anything else ends the run as failed; its text goes to the log and never to the user
     */
    AgentResult run(AgentContext context) throws Exception;
}
