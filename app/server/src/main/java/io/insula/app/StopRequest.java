package io.insula.app;

import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CountDownLatch;

/**
 * Whether somebody has asked the server to stop. Plugins run in the same process, so an interrupt says nothing about
 * what its operator wants: those who wait here wait on.
 *
 * <p>Safe for any number of threads.
 */
final class StopRequest {
    private final CountDownLatch asked = new CountDownLatch(1);

    /** Asks; to ask again changes nothing. */
    void ask() {
        asked.countDown();
    }

    /** Returns when somebody has asked. The thread's interrupts are lost. */
    void await() {
        while (true) {
            try {
                asked.await();
                return;
            } catch (InterruptedException e) {
                // Of a plugin: operators ask otherwise.
            }
        }
    }

    /**
     * Waits for the end of a thread, also when the one that waits is interrupted.
     *
     * @return whether it has ended in this time
     */
    static boolean awaitEnd(Thread thread, Duration patience, InstantSource clock) {
        var last = clock.instant().plus(patience);
        while (true) {
            try {
                return thread.join(Duration.between(clock.instant(), last));
            } catch (InterruptedException e) {
                // As above; what is left of the time still holds.
            }
        }
    }
}
