package io.insula.launcher;

/** Why the application did not start, or what it threw; the message is written for the person at the terminal. */
final class LaunchFailure extends Exception {
    private static final long serialVersionUID = 1L;

    LaunchFailure(String message) {
        super(message);
    }

    LaunchFailure(String message, Throwable cause) {
        super(message, cause);
    }
}
