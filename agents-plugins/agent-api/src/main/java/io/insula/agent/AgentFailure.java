package io.insula.agent;

/**
 * An agent's or tool's own, foreseen failure: unlike any other exception, its code and message are shown to the user.
 *
 * <p>Throw it when the user can do something about it, and say in the message what.
 */
public final class AgentFailure extends Exception {
    private static final long serialVersionUID = 1L;

    /** The most characters of a message that reach the user; the rest is cut. */
    public static final int MAX_MESSAGE_LENGTH = 2_000;

    private final String code;
    private final boolean passedOn;

    /**
     * Makes a failure.
     *
     * @param code 1 to 64 lower case letters, digits and hyphens, stable between versions of the plugin; the failure of
     *     another agent is passed on under its code, {@code other-plugin.its-code}
     * @param message what was wrong and what to do, in the user's words
     * @throws IllegalArgumentException if the code has another form
     */
    public AgentFailure(String code, String message) {
        super(message, null, false, true);
        this.passedOn = false;
        if (!code.matches("([a-z0-9-]{1,64}\\.)?[a-z0-9-]{1,64}")) {
            throw new IllegalArgumentException("code must be 1 to 64 lower case letters, digits and hyphens");
        }
        this.code = code;
    }

    private AgentFailure(Outcome.Failed<?> failed) {
        super(failed.message(), null, false, true);
        this.code = failed.code();
        this.passedOn = true;
    }

    /** The failure of another agent, as it is. */
    static AgentFailure passOn(Outcome.Failed<?> failed) {
        return new AgentFailure(failed);
    }

    /** Whether another agent failed, whose code is passed on as it is. */
    public boolean isPassedOn() {
        return passedOn;
    }

    /** The stable code. The platform puts the plugin's id and a dot before it, unless there is a dot already. */
    public String code() {
        return code;
    }

    /** The message for the user; never {@code null}. */
    @Override
    public String getMessage() {
        String message = super.getMessage();
        return message == null ? "" : message;
    }
}
