package io.insula.engine.user;

import java.time.Instant;

/** Moments as nanoseconds since 1970, from 1678 to 2262; moments beyond are taken to those ends. */
final class JournalTimestamp {
    private static final long NANOS = 1_000_000_000;
    private static final Instant FIRST = of(Long.MIN_VALUE);
    private static final Instant LAST = of(Long.MAX_VALUE);

    private JournalTimestamp() {}

    static long of(Instant moment) {
        if (moment.isBefore(FIRST)) {
            return Long.MIN_VALUE;
        }
        if (moment.isAfter(LAST)) {
            return Long.MAX_VALUE;
        }
        // Counted from the second after, since before 1970 the second before may be out of range.
        return moment.getEpochSecond() < 0
                ? (moment.getEpochSecond() + 1) * NANOS + (moment.getNano() - NANOS)
                : moment.getEpochSecond() * NANOS + moment.getNano();
    }

    static Instant of(long nanos) {
        return Instant.ofEpochSecond(Math.floorDiv(nanos, NANOS), Math.floorMod(nanos, NANOS));
    }
}
