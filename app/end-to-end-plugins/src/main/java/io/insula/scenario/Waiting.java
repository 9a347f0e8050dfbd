package io.insula.scenario;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Waits that a stop can end, or that nothing can. */
final class Waiting {
    /** No scenario outlives a test by more than this. */
    private static final long BOUND_SECONDS = 120;

    private Waiting() {}

    /** Waits for something that never comes; only an interrupt ends it early. */
    static void untilInterrupted() throws InterruptedException {
        if (new CountDownLatch(1).await(BOUND_SECONDS, TimeUnit.SECONDS)) {
            throw new IllegalStateException("nobody counts this latch down");
        }
    }

    /** Lets a moment pass. */
    static void milliseconds(long moment) throws InterruptedException {
        if (moment > 0 && new CountDownLatch(1).await(moment, TimeUnit.MILLISECONDS)) {
            throw new IllegalStateException("nobody counts this latch down");
        }
    }

    /** Keeps a processor busy, whatever is asked of its thread, and tells how often it went round. */
    static long busily(long seconds) {
        long start = System.nanoTime();
        long length = TimeUnit.SECONDS.toNanos(seconds);
        long rounds = 0;
        while (System.nanoTime() - start < length) {
            rounds++;
        }
        return rounds;
    }
}
