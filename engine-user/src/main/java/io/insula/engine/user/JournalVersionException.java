package io.insula.engine.user;

/** The journal was written by a newer program than this one. */
final class JournalVersionException extends Exception {
    private static final long serialVersionUID = 1L;

    JournalVersionException(int found, int known) {
        super("The journal has the format of version " + found + ", and this program knows formats up to version "
                + known + ". Run the program that wrote it, or a newer one.");
    }
}
