package io.insula.endtoend;

import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Where threads wait for a condition, with a deadline. Whoever changes what is waited for does it within {@link #change}. */
final class Moment {
    /** Long enough for a loaded machine; a test that passes never waits this long. */
    static final Duration DEADLINE = Duration.ofSeconds(30);

    private final Object lock = new Object();

    void change(Runnable change) {
        synchronized (lock) {
            change.run();
            lock.notifyAll();
        }
    }

    <T> T read(Supplier<T> reading) {
        synchronized (lock) {
            return reading.get();
        }
    }

    /**
     * Waits until the condition holds.
     *
     * @param otherwise says what was seen instead, for the failure
     * @throws AssertionError after the deadline
     */
    void await(Duration deadline, String what, BooleanSupplier condition, Supplier<String> otherwise) {
        long end = System.nanoTime() + deadline.toNanos();
        synchronized (lock) {
            while (!condition.getAsBoolean()) {
                long left = (end - System.nanoTime()) / 1_000_000;
                if (left <= 0) {
                    throw new AssertionError(
                            "waited " + deadline.toSeconds() + " s in vain for " + what + "; seen: " + otherwise.get());
                }
                try {
                    lock.wait(left);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    throw new AssertionError("interrupted while waiting for " + what, e);
                }
            }
        }
    }
}
