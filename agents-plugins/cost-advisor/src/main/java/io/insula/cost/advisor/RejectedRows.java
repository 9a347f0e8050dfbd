package io.insula.cost.advisor;

import java.util.List;

/**
 * The rows of a log that could not be used.
 *
 * @param count how many
 * @param first the first of them, at most {@link ReadingLimits#rejectedKept}
 */
record RejectedRows(long count, List<RejectedRow> first) {
    RejectedRows {
        first = List.copyOf(first);
    }

    /**
     * A row that could not be used.
     *
     * @param line line it starts on, from 1
     * @param reason why
     */
    record RejectedRow(long line, String reason) {}
}
