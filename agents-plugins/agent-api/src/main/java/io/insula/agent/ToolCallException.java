package io.insula.agent;

/**
 * A tool call that gave no result: the arguments did not fit, the tool failed, or its result was too large.
 *
 * <p>The call is closed for the user with the same code. The agent may handle it and go on; unhandled, it ends the run
 * as failed with this code.
 */
public final class ToolCallException extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final String code;

    /** Made by the platform; the message never holds text of an unforeseen exception. */
    public ToolCallException(String code, String message) {
        super(message);
        this.code = code;
    }

    /** {@code arguments-invalid}, {@code tool-failed}, {@code result-too-large}, or the tool's own code. */
    public String code() {
        return code;
    }

    /** What went wrong; never {@code null}. */
    @Override
    public String getMessage() {
        String message = super.getMessage();
        return message == null ? "" : message;
    }
}
