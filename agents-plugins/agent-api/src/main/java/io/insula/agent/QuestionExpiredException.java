package io.insula.agent;

/** The user did not answer in time. Unhandled, it ends the run as failed with the code {@code question-expired}. */
public final class QuestionExpiredException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Made by the platform. */
    public QuestionExpiredException() {
        super("the question was not answered in time");
    }
}
