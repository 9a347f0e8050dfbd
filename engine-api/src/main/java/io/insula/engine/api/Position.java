package io.insula.engine.api;

/**
 * A place in a user's event log.
 *
 * @param epoch names the log; another one after an erase or restore
 * @param sequence the last event seen; 0 before the first, then 1, 2, 3 without holes
 */
public record Position(String epoch, long sequence) {
    /** Checks the sequence. */
    public Position {
        if (sequence < 0) {
            throw new IllegalArgumentException("sequence is " + sequence + ", must be 0 or more");
        }
    }
}
