package io.insula.app;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class StopRequestTest {
    private static final Duration LONG = Duration.ofSeconds(20);

    private final StopRequest stop = new StopRequest();

    @Test
    void whoWaitsForItIsNotEndedByAnInterrupt() throws Exception {
        var waiting = Thread.ofPlatform().daemon(true).start(stop::await);
        interruptWhileItWaits(waiting);
        interruptWhileItWaits(waiting);
        assertTrue(waiting.isAlive());

        stop.ask();

        assertTrue(waiting.join(LONG));
    }

    @Test
    void whoAsksBeforeAnybodyWaitsIsHeard() throws Exception {
        stop.ask();
        stop.ask();
        var waiting = Thread.ofPlatform().daemon(true).start(stop::await);

        assertTrue(waiting.join(LONG));
    }

    @Test
    void anInterruptDoesNotShortenTheWaitForAThread() throws Exception {
        var end = new CountDownLatch(1);
        var thread = Thread.ofPlatform().daemon(true).start(() -> awaitUninterrupted(end));
        var ended = new AtomicReference<Boolean>();
        var waiting = Thread.ofPlatform().daemon(true)
                .start(() -> ended.set(StopRequest.awaitEnd(thread, LONG, InstantSource.system())));
        interruptWhileItWaits(waiting);
        assertTrue(waiting.isAlive());

        end.countDown();

        assertTrue(waiting.join(LONG));
        assertTrue(ended.get());
    }

    @Test
    void aThreadThatDoesNotEndIsWaitedForNoLongerThanAllowed() {
        var never = new CountDownLatch(1);
        var thread = Thread.ofPlatform().daemon(true).start(() -> awaitUninterrupted(never));

        assertFalse(StopRequest.awaitEnd(thread, Duration.ofMillis(20), InstantSource.system()));

        never.countDown();
    }

    /** Returns when it has noticed the interrupt and waits again, or has ended. */
    private static void interruptWhileItWaits(Thread thread) {
        Await.until(() -> isWaiting(thread));
        thread.interrupt();
        Await.until(() -> !thread.isAlive() || (!thread.isInterrupted() && isWaiting(thread)));
    }

    private static boolean isWaiting(Thread thread) {
        return thread.getState() == Thread.State.WAITING || thread.getState() == Thread.State.TIMED_WAITING;
    }

    private static void awaitUninterrupted(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
