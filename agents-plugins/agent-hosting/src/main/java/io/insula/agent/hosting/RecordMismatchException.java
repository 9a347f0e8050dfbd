package io.insula.agent.hosting;

/** A record and its JSON do not fit; the message says where and why, holds no value, and may be shown. */
public final class RecordMismatchException extends Exception {
    private static final long serialVersionUID = 1L;

    /** Says what does not fit. */
    public RecordMismatchException(String message) {
        super(message, null, false, true);
    }

    /** What does not fit; never {@code null}. */
    @Override
    public String getMessage() {
        String message = super.getMessage();
        return message == null ? "" : message;
    }
}
