package io.insula.engine.user;

/** The journal was written by a newer program than this one. */
final class JournalVersionException extends Exception {
    private static final long serialVersionUID = 1L;

    private final int found;
    private final int known;

    JournalVersionException(int found, int known) {
        super(words(found, known));
        this.found = found;
        this.known = known;
    }

    /** What is wrong and what to do, for the operator. */
    String words() {
        return words(found, known);
    }

    private static String words(int found, int known) {
        return "The journal has the format of version " + found + ", and this program knows formats up to version "
                + known + ". Run the program that wrote it, or a newer one.";
    }
}
