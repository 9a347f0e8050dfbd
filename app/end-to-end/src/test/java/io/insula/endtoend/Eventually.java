package io.insula.endtoend;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waits for what nobody tells and only asking again and again finds out, with a deadline. */
final class Eventually {
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    private Eventually() {}

    /**
     * Asks until the condition holds.
     *
     * @param otherwise says what was seen instead, for the failure
     * @throws AssertionError after the deadline
     */
    static void await(String what, BooleanSupplier condition, Supplier<String> otherwise) {
        Duration deadline = Moment.DEADLINE;
        long end = System.nanoTime() + deadline.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("asked for " + deadline.toSeconds() + " s in vain for " + what + "; seen: "
                        + otherwise.get());
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }
}
