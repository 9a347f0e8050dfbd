package io.insula.engine.user;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * The engine's whole life, in as many orders of its threads as there is time for, each held against a plain model.
 *
 * <p>A failure names its seed. {@code -Dtest=SeededLifeTest -Dinsula.schedules.first=SEED -Dinsula.schedules=1} gives the
 * same order again, to the last step; {@code -Pschedules} runs a hundred thousand.
 */
final class SeededLifeTest {
    private static final long FIRST = Long.getLong("insula.schedules.first", 1);
    /** How many are asked for; else as many as there is time for. */
    private static final Optional<Long> ASKED = Optional.ofNullable(Long.getLong("insula.schedules"));

    private static final long SCHEDULES = ASKED.orElse(10_000L);
    private static final Duration TIME = Duration.ofSeconds(45);
    private static final int FEWEST = 300;
    private static final int REPEATED = 100;
    private static final int FAREWELLS = 500;
    /** Schedules share nothing, so that each processor can run one. */
    private static final int DRIVERS = Math.clamp(Runtime.getRuntime().availableProcessors(), 1, 4);

    private final WovenClasses woven = new WovenClasses(MemoryJournal.class, UserLog.class);
    private final LongFunction<String> lives = made("SeededLives");

    @SuppressWarnings("unchecked") // it is one, in the woven world as here
    private LongFunction<String> made(String simpleName) {
        return (LongFunction<String>) woven.make(simpleName);
    }

    @Test
    void inWhateverOrderThreadsTakeTurnsThePromisesHold() throws InterruptedException {
        long end = System.nanoTime() + TIME.toNanos();
        AtomicLong next = new AtomicLong(FIRST);
        ConcurrentLinkedQueue<Throwable> failures = new ConcurrentLinkedQueue<>();
        List<Thread> drivers = IntStream.range(0, DRIVERS)
                .mapToObj(driver -> Thread.ofPlatform()
                        .uncaughtExceptionHandler((thread, failure) -> failures.add(failure))
                        .start(() -> {
                            long seed = next.getAndIncrement();
                            while (seed < FIRST + SCHEDULES && failures.isEmpty() && isTimeLeft(end)) {
                                assertTrue(!lives.apply(seed).isEmpty());
                                seed = next.getAndIncrement();
                            }
                        }))
                .toList();
        for (Thread driver : drivers) {
            driver.join();
        }
        for (Throwable failure : failures) {
            throw new AssertionError(failure.getMessage(), failure);
        }
        long done = next.get() - FIRST - DRIVERS;
        assertTrue(done >= Math.min(SCHEDULES, FEWEST), "too few schedules to say anything: " + done);
    }

    private static boolean isTimeLeft(long end) {
        return ASKED.isPresent() || System.nanoTime() - end < 0;
    }

    @Test
    void theSameSeedGivesTheSameOrderAndAnotherAnother() {
        Set<String> orders = new HashSet<>();
        for (long seed = FIRST; seed < FIRST + REPEATED; seed++) {
            String order = lives.apply(seed);
            assertEquals(order, lives.apply(seed), "seed " + seed);
            orders.add(order);
        }
        assertTrue(orders.size() > REPEATED * 9 / 10, () -> "only " + orders.size() + " orders");
    }

    @Test
    void whoComesInWhileThePlatformGoesAwayLeavesNothingBehind() {
        LongFunction<String> farewell = made("SeededFarewell");
        for (long seed = FIRST; seed < FIRST + FAREWELLS; seed++) {
            assertTrue(!farewell.apply(seed).isEmpty(), "seed " + seed);
        }
    }
}
