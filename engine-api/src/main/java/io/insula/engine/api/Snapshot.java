package io.insula.engine.api;

import java.util.List;

/**
 * What there is, and the position at which it was so.
 *
 * @param position follow from here to miss nothing
 * @param threads the latest threads, one page; unmodifiable
 * @param runs the runs that have not ended, in the order accepted; unmodifiable
 */
public record Snapshot(Position position, List<ThreadSummary> threads, List<RunView> runs) {
    /** Copies the lists. */
    public Snapshot {
        threads = List.copyOf(threads);
        runs = List.copyOf(runs);
    }
}
