package io.insula.agent;

/**
 * How delegated work ended. A failure is a value that the caller decides about, not a crash of the run.
 *
 * @param <R> the type of the result
 */
public sealed interface Outcome<R extends Record> {
    /**
     * The agent returned.
     *
     * @param result what it returned
     */
    record Completed<R extends Record>(R result) implements Outcome<R> {}

    /**
     * The agent failed.
     *
     * @param code the stable code of the failure
     * @param message what may be shown to the user
     */
    record Failed<R extends Record>(String code, String message) implements Outcome<R> {}

    /**
     * The result, for callers that cannot go on without it.
     *
     * @throws AgentFailure with the same code and message, if the work failed
     */
    default R orFail() throws AgentFailure {
        return switch (this) {
            case Completed<R>(R result) -> result;
            case Failed<R> failed -> throw AgentFailure.passOn(failed);
        };
    }
}
