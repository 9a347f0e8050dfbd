package io.insula.app;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Waits for what other threads bring about. */
final class Await {
    private static final int LOOKS = 500;
    private static final int MILLIS_BETWEEN_LOOKS = 20;

    private Await() {}

    /** Returns when {@code condition} holds, or fails after ten seconds. */
    static void until(BooleanSupplier condition) {
        var never = new CountDownLatch(1);
        for (int i = 0; i < LOOKS; i++) {
            if (condition.getAsBoolean()) {
                return;
            }
            try {
                if (never.await(MILLIS_BETWEEN_LOOKS, TimeUnit.MILLISECONDS)) {
                    throw new AssertionError("nobody counts this down");
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new AssertionError(e);
            }
        }
        throw new AssertionError("it did not come about within ten seconds");
    }
}
