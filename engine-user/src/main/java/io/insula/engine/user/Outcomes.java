package io.insula.engine.user;

import java.util.Optional;

/** How what came of a piece of work is kept in a script, and read from it. */
final class Outcomes {
    private static final char RETURNED = '+';
    private static final char FAILED = '-';

    private Outcomes() {}

    static String returned(String json) {
        return RETURNED + json;
    }

    /**
     * Keeps a failure.
     *
     * @param code without line breaks, as codes are
     */
    static String failed(String code, String message) {
        return FAILED + code + "\n" + message;
    }

    /** The failure that is kept; empty if it is no failure. */
    static Optional<Faults.Fault> failure(String outcome) {
        int end = outcome.indexOf('\n');
        return outcome.isEmpty() || outcome.charAt(0) != FAILED || end < 0
                ? Optional.empty()
                : Optional.of(new Faults.Fault(outcome.substring(1, end), outcome.substring(end + 1)));
    }

    /** The JSON that is kept, of an outcome that is no failure. */
    static String json(String outcome) {
        return outcome.isEmpty() ? "" : outcome.substring(1);
    }
}
