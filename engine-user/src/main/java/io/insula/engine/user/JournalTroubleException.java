package io.insula.engine.user;

/** The storage of the journal fails, whatever is asked of it. */
final class JournalTroubleException extends Exception {
    private static final long serialVersionUID = 1L;

    private final JournalTrouble trouble;

    JournalTroubleException(JournalTrouble trouble, String message, Throwable cause) {
        super(message, cause);
        this.trouble = trouble;
    }

    JournalTroubleException(JournalTrouble trouble, String message) {
        super(message);
        this.trouble = trouble;
    }

    JournalTrouble trouble() {
        return trouble;
    }
}
