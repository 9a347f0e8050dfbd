package io.insula.agent;

import java.util.List;
import java.util.Optional;

/**
 * One run of one user, as its agent sees it: the only way from an agent to the world.
 *
 * <p>Usable in the thread that {@link Agent#run} was called in until it returns, else {@link ContextMisuseException}.
 * Every method throws {@link RunStoppedException} once the run has ended. What is said, thought, called and asked is
 * shown to the user at once, in this order.
 */
public interface AgentContext extends ToolContext {
    /** The conversation. */
    ThreadId thread();

    /** The run. */
    RunId run();

    /** What was asked. */
    AgentInput input();

    /**
     * The typed input of a delegating agent.
     *
     * @return empty if the agent was called by a user, or without data
     * @throws AgentFailure with the code {@code data-mismatch} if the data is not of this type
     */
    <T extends Record> Optional<T> data(Class<T> type) throws AgentFailure;

    /**
     * The latest messages of the thread before this input, oldest first, without those that were taken back.
     *
     * @param limit at most this many, 1 to 1,000
     */
    List<ConversationMessage> conversation(int limit);

    /** Says a whole message to the user. */
    void say(String text);

    /** Opens a message to the user that is written piece by piece. */
    MessageWriter message();

    /** Shows a whole thought. */
    void think(String text);

    /** Opens a thought that is written piece by piece. */
    MessageWriter thought();

    /**
     * Names a part of the work, so that the user sees it begin and end.
     *
     * @param name 1 to 100 characters; the same name twice at a time gets a number
     * @param work done in this thread
     * @throws Exception what the work threw, after the step is closed
     */
    void step(String name, StepWork work) throws Exception;

    /** The work of a step. */
    @FunctionalInterface
    interface StepWork {
        /** Does it. */
        void run() throws Exception;
    }

    /** The tools of this agent's plugin, sorted by name. */
    List<ToolDescription> tools();

    /**
     * Calls a tool of this plugin.
     *
     * @throws ToolCallException if there was no result; the user sees the call end either way
     */
    <I extends Record, O extends Record> O call(Class<? extends Tool<I, O>> tool, I input);

    /**
     * Calls a tool by its name with JSON arguments, for agents that are led by a language model.
     *
     * @param name one of {@link #tools}; another name throws {@code tool-unknown}
     * @param arguments a JSON object
     * @return the result as JSON
     * @throws ToolCallException if there was no result; the user sees the call end either way
     */
    String call(String name, String arguments);

    /**
     * Lets another agent do something and waits for it. It runs as a part of this run: same user, same deadline, same
     * stop.
     *
     * @return what came of it; a failure is a value, also when there is no such agent, when it would be the ninth level
     *     or when it is already at work further up
     */
    <R extends Record> Outcome<R> delegate(Delegation<R> work);

    /**
     * Lets other agents work at the same time and waits for all of them.
     *
     * @param work any number; at most eight are at work at once, the rest follow
     * @return one outcome for each, in the order given
     */
    <R extends Record> List<Outcome<R>> delegateAll(List<Delegation<R>> work);

    /**
     * Asks the user and waits for the answer.
     *
     * @throws QuestionExpiredException if none came within 24 hours
     */
    <A> A ask(Question<A> question);
}
