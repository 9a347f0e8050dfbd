package io.insula.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.insula.endtoend.FrailConnection.LostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Many users are connected for a while, and now and then something goes wrong: a connection breaks, all of them break at
 * once, or the server stands still. Nobody misses anything, nobody sees anything twice, and the memory stays as it is.
 */
class SoakIT {
    private static final int USERS = Integer.getInteger("insula.soak.users", 100);
    private static final Duration LASTS = Duration.ofSeconds(Long.getLong("insula.soak.seconds", 40));
    /** So often in that time the memory is looked at, and something happens to all. */
    private static final int LOOKS = 20;
    private static final int CONNECTIONS_EACH = 13;
    private static final Duration STANDSTILL = Duration.ofSeconds(2);
    /** What the memory of the last third may have beyond that of the second one, besides this share of it. */
    private static final long SPARE_BYTES = 16L << 20;

    private static final double SHARE = 0.1;
    private static final Pattern USED = Pattern.compile("used (\\d+)K");

    @TempDir
    private Path folder;

    private final List<Long> heap = new ArrayList<>();
    private final CountDownLatch over = new CountDownLatch(1);

    @Test
    void whatGoesWrongCostsNobodyAnythingAndTheMemoryStays() throws Exception {
        long seed = Long.getLong("insula.crash.seed", new Random().nextLong(1_000_000_000));
        System.out.println("soak: seed " + seed + " (-Dinsula.crash.seed), users " + USERS + ", " + LASTS);
        var random = new Random(seed);
        var environment = new HashMap<>(PackagedApp.ROOMY);
        environment.putAll(PackagedApp.ATTACHABLE);
        environment.put("INSULA_TRANSPORT_CONNECTIONS_TOTAL", "20000");
        try (var app = PackagedApp.start(Installation.withScenarios(folder), environment);
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            app.awaitOutput("scenario");
            BusyCrowd users = BusyCrowd.of(USERS, "soak", random);
            List<Follower> followers = new ArrayList<>();
            List<Future<Void>> following = new ArrayList<>();
            for (int i = 0; i < USERS; i++) {
                var follower = new Follower("soak-" + i, app.token("soak-" + i));
                followers.add(follower);
                long own = random.nextLong();
                following.add(threads.submit(() -> comeAndGo(app, follower, new Random(own))));
            }
            BusyCrowd.UnderWay work = users.start(user -> user.comeAndGo(app, CONNECTIONS_EACH, LASTS));
            try {
                disturb(app, followers, random);
                work.join();
            } finally {
                over.countDown();
            }
            for (Future<Void> each : following) {
                each.get();
            }
            users.start(user -> user.finish(app, List.of())).join();
            check(app, users, followers, seed);
        }
    }

    /** Is connected for most of the time. */
    private Void comeAndGo(PackagedApp app, Follower follower, Random random) throws InterruptedException {
        while (over.getCount() > 0) {
            try {
                follower.come(app);
            } catch (LostException standsStill) {
                continue;
            }
            long stays = (long) (random.nextDouble() * LASTS.toNanos() / LOOKS * 4);
            boolean _ = over.await(stays, TimeUnit.NANOSECONDS);
            follower.cut();
        }
        return null;
    }

    private void disturb(PackagedApp app, List<Follower> followers, Random random) throws Exception {
        for (int i = 0; i < LOOKS; i++) {
            pause(LASTS.dividedBy(LOOKS));
            switch (random.nextInt(4)) {
                case 0 -> followers.forEach(Follower::cut);
                case 1 -> {
                    app.signal("STOP");
                    pause(STANDSTILL);
                    app.signal("CONT");
                }
                default -> {}
            }
            app.diagnose("GC.run");
            Matcher used = USED.matcher(app.diagnose("GC.heap_info"));
            assertTrue(used.find());
            heap.add(Long.parseLong(used.group(1)) << 10);
        }
    }

    /** How long something lasts is part of what is tried; nothing is expected to have happened after it. */
    private void pause(Duration time) throws InterruptedException {
        assertFalse(over.await(time.toNanos(), TimeUnit.NANOSECONDS), "it was over before its time");
    }

    private void check(PackagedApp app, BusyCrowd users, List<Follower> followers, long seed) throws Exception {
        List<String> findings = new ArrayList<>();
        for (Follower follower : followers) {
            follower.come(app);
            follower.awaitSequence(follower.head());
            follower.cut();
            follower.finding().ifPresent(findings::add);
        }
        long before = median(heap.subList(LOOKS / 3, 2 * LOOKS / 3));
        long after = median(heap.subList(2 * LOOKS / 3, LOOKS));
        System.out.printf("soak: %s, refusals %s, heap after collections %s MiB, process %d MiB%n", users.report(),
                users.refusals(), heap.stream().map(bytes -> bytes >> 20).toList(), app.residentBytes() >> 20);
        assertEquals(List.of(), findings, "seed " + seed);
        assertEquals("", users.findings(), "seed " + seed);
        assertTrue(after <= before * (1 + SHARE) + SPARE_BYTES, "heap grew from " + before + " to " + after);
    }

    private static long median(List<Long> values) {
        return values.stream().sorted().skip(values.size() / 2).findFirst().orElseThrow();
    }
}
