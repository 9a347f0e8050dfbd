package io.insula.engine.user;

import io.insula.engine.api.RefusedException;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for what must come about, and fails the test if it does not in time. */
final class Await {
    /** Long enough for a machine that is busy with other things; nothing waits for it to pass. */
    static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final long LOOK_NANOS = 200_000;

    private Await() {}

    /** Waits until it is so. */
    static void until(String what, BooleanSupplier condition) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - end > 0) {
                throw new AssertionError("did not come about: " + what);
            }
            LockSupport.parkNanos(LOOK_NANOS);
        }
    }

    /** Waits until it is open, from test code and from agents that let nothing disturb them. */
    static void open(CountDownLatch latch) {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    if (!latch.await(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                        throw new AssertionError("the latch was not opened");
                    }
                    return;
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** What the stage completes with. */
    static <T> T value(CompletionStage<T> stage) {
        try {
            return stage.toCompletableFuture().get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw new AssertionError("failed: " + e.getCause(), e);
        } catch (InterruptedException | TimeoutException e) {
            throw new AssertionError("not completed in time", e);
        }
    }

    /** The refusal that the stage fails with. */
    static RefusedException refusal(CompletionStage<?> stage) {
        try {
            Object value = stage.toCompletableFuture().get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            throw new AssertionError("was not refused but gave " + value);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RefusedException refused) {
                return refused;
            }
            throw new AssertionError("failed, but not by a refusal: " + e.getCause(), e);
        } catch (InterruptedException | TimeoutException e) {
            throw new AssertionError("not completed in time", e);
        }
    }
}
