package io.insula.engine.user;

import java.util.Arrays;

/** How long things took. Safe for any number of threads. */
final class Latencies {
    /** Guarded by this, as is the count. */
    private long[] nanos = new long[1 << 10];

    private int count;

    synchronized void add(long time) {
        if (count == nanos.length) {
            nanos = Arrays.copyOf(nanos, 2 * count);
        }
        nanos[count++] = time;
    }

    synchronized int count() {
        return count;
    }

    synchronized long percentile(int percent) {
        long[] sorted = Arrays.copyOf(nanos, count);
        Arrays.sort(sorted);
        return sorted[Math.min(count - 1, count * percent / 100)];
    }

    @Override
    public String toString() {
        return "p50 %.2f ms, p99 %.2f ms".formatted(percentile(50) / 1e6, percentile(99) / 1e6);
    }
}
