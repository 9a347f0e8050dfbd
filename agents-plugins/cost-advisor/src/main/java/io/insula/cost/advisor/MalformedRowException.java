package io.insula.cost.advisor;

/** One row that cannot be used; the message is the reason shown beside its line number. */
final class MalformedRowException extends Exception {
    private static final long serialVersionUID = 1L;

    MalformedRowException(String reason) {
        // Without a stack trace: a broken file may hold millions of such rows.
        super(reason, null, false, false);
    }
}
