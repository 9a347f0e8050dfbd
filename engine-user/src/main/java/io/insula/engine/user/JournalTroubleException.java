package io.insula.engine.user;

/** The storage of the journal fails, whatever is asked of it. */
final class JournalTroubleException extends Exception {
    private static final long serialVersionUID = 1L;

    private final JournalTrouble trouble;

    private final String words;

    JournalTroubleException(JournalTrouble trouble, String words, Throwable cause) {
        super(words, cause);
        this.trouble = trouble;
        this.words = words;
    }

    JournalTroubleException(JournalTrouble trouble, String words) {
        super(words);
        this.trouble = trouble;
        this.words = words;
    }

    /** What went wrong with which file, for the operator. */
    String words() {
        return words;
    }

    JournalTrouble trouble() {
        return trouble;
    }
}
