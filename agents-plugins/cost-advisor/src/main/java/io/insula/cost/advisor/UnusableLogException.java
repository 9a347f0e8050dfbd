package io.insula.cost.advisor;

/** A file that cannot be used at all; the message tells the user why and what would help. */
final class UnusableLogException extends Exception {
    private static final long serialVersionUID = 1L;

    UnusableLogException(String message) {
        super(message);
    }
}
