package io.insula.engine.user;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArraySet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.helpers.NOPLogger;

/** What woven code calls in the place of what would depend on real time, or on addresses in memory. */
final class StandIns {
    private StandIns() {}

    /** Waits on seeded time. */
    static boolean await(CountDownLatch latch, long time, TimeUnit unit) throws InterruptedException {
        if (latch.getCount() > 0) {
            SeededThreads.current().time().sleep(Duration.of(time, unit.toChronoUnit()));
        }
        return latch.getCount() == 0;
    }

    /** A set in the order in which was added: that of the real one depends on where its elements are in memory. */
    static <T> Set<T> newKeySet() {
        return new CopyOnWriteArraySet<>();
    }

    /** Says nothing: the failures that a schedule makes on purpose would fill the log. */
    static Logger getLogger(Class<?> ignored) {
        return NOPLogger.NOP_LOGGER;
    }
}
