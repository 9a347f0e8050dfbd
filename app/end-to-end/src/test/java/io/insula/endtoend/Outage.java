package io.insula.endtoend;

/**
 * A time in which the application was killed.
 *
 * @param fromMillis before the signal was sent, since 1970
 * @param toMillis when the process was gone
 */
record Outage(long fromMillis, long toMillis) {
    /** Whether something that began and ended at these times was under way when the application was killed. */
    boolean isBetween(long began, long ended) {
        return began <= toMillis && ended >= fromMillis;
    }
}
