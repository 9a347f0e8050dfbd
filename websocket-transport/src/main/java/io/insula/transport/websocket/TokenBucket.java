package io.insula.transport.websocket;

import java.time.Duration;

/** Lets something happen so many times a minute in the long run, and so many times at once. Safe for any thread. */
final class TokenBucket {
    private static final long NANOS_PER_MINUTE = Duration.ofMinutes(1).toNanos();

    private final long nanosPerToken;
    private final long fullNanos;
    private final Object lock = new Object();
    /** When the bucket will be full again; guarded by lock. */
    private long fullAgainNanos;

    TokenBucket(int perMinute, int burst, long nowNanos) {
        nanosPerToken = Math.max(1, NANOS_PER_MINUTE / perMinute);
        fullNanos = nanosPerToken * burst;
        fullAgainNanos = nowNanos;
    }

    /** Whether nothing is missing: then another one in its place would be the same. */
    boolean isFull(long nowNanos) {
        synchronized (lock) {
            return fullAgainNanos - nowNanos <= 0;
        }
    }

    /** Takes one, and returns zero; or takes none, and returns after how long there will be one. */
    Duration take(long nowNanos) {
        synchronized (lock) {
            long owed = Math.max(0, fullAgainNanos - nowNanos);
            long missing = owed + nanosPerToken - fullNanos;
            if (missing > 0) {
                return Duration.ofNanos(missing);
            }
            fullAgainNanos = nowNanos + owed + nanosPerToken;
            return Duration.ZERO;
        }
    }
}
