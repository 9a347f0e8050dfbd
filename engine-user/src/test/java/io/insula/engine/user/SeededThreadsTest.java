package io.insula.engine.user;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongFunction;
import org.junit.jupiter.api.Test;

/** That a schedule is the seed's alone, and that schedules find what they are for. */
final class SeededThreadsTest {
    private static final int SEEDS = 200;

    @Test
    void aMissingLockIsFoundAndOneThatIsThereIsNot() {
        @SuppressWarnings("unchecked") // the woven class is the same but for its loader
        LongFunction<String> count = (LongFunction<String>) new WovenClasses(SharedCount.class).make("SharedCount");
        Set<String> outcomes = new TreeSet<>();
        for (long seed = 1; seed <= SEEDS; seed++) {
            String outcome = count.apply(seed);
            assertEquals(outcome, count.apply(seed), "seed " + seed + " gave something else the second time");
            outcomes.add(outcome);
        }
        assertTrue(outcomes.stream().allMatch(outcome -> outcome.startsWith("6 ")), () -> "locked: " + outcomes);
        assertTrue(outcomes.contains("6 6") && outcomes.size() > 1, () -> "no update was ever lost: " + outcomes);
    }

    @Test
    void threadsThatWaitForEachOtherAreNamed() {
        String named = "";
        for (long seed = 1; seed <= SEEDS && named.isEmpty(); seed++) {
            named = crossedLocks(seed);
        }
        assertTrue(named.contains("nothing can go on"), "they never got in each other's way");
        assertTrue(named.contains("crossing/left") && named.contains("crossing/right"), named);
    }

    private static String crossedLocks(long seed) {
        SeededThreads threads = new SeededThreads(seed);
        SeededThreads.Group group = threads.group("crossing");
        ReentrantLock one = new ReentrantLock();
        ReentrantLock other = new ReentrantLock();
        group.start("left", () -> lockBoth(one, other));
        group.start("right", () -> lockBoth(other, one));
        // Neither ends, so that time would pass forever if it could help.
        try {
            threads.run();
            return "";
        } catch (AssertionError stuck) {
            return "" + stuck.getMessage();
        }
    }

    private static void lockBoth(ReentrantLock first, ReentrantLock second) {
        first.lock();
        try {
            SeededThreads.pass();
            second.lock();
            try {
                SeededThreads.pass();
            } finally {
                second.unlock();
            }
        } finally {
            first.unlock();
        }
    }

    @Test
    void timePassesOnlyWhenEverybodyWaits() {
        SeededThreads threads = new SeededThreads(1);
        List<String> order = new ArrayList<>();
        SeededThreads.Group group = threads.group("sleepers");
        group.start("late", () -> {
            sleep(threads, Duration.ofHours(2));
            order.add("late");
        });
        group.start("early", () -> {
            sleep(threads, Duration.ofHours(1));
            order.add("early");
        });
        threads.run();
        assertEquals(List.of("early", "late"), order);
        assertEquals(Duration.ofHours(2).toNanos(), threads.time().nanoTime());
    }

    private static void sleep(SeededThreads threads, Duration time) {
        try {
            threads.time().sleep(time);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void threadsThatHaveCrashedNeverGoOn() {
        SeededThreads threads = new SeededThreads(1);
        SeededThreads.Group doomed = threads.group("doomed");
        CountDownLatch never = new CountDownLatch(1);
        AtomicReference<String> said = new AtomicReference<>("nothing");
        doomed.start("speaker", () -> {
            try {
                never.await();
                said.set("something");
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        });
        threads.group("others").start("crash", () -> {
            sleep(threads, Duration.ofSeconds(1));
            doomed.crash();
            never.countDown();
        });
        threads.run();
        assertEquals("nothing", said.get());
    }

    @Test
    void whatAThreadThrowsEndsTheSchedule() {
        SeededThreads threads = new SeededThreads(1);
        threads.group("failing").start("thread", () -> {
            throw new IllegalStateException("on purpose");
        });
        AssertionError failure = assertThrows(AssertionError.class, threads::run);
        assertTrue(("" + failure.getMessage()).contains("on purpose"), () -> "" + failure);
    }
}
