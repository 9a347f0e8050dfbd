package io.insula.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What was acknowledged or shown is never lost, changed or shown twice, however often the process is killed. */
class CrashIT {
    /** Most see at once that the process is gone; a client of the JDK does not always. */
    private static final Duration NOTICE = Duration.ofSeconds(10);
    private static final int ROUNDS = Integer.getInteger("insula.crash.rounds", 25);
    private static final int USERS = 24;
    /** The users of so many rounds are checked and followed by new ones, so that what they remember stays bounded. */
    private static final int ROUNDS_OF_USERS = 25;
    /** One start of so many is killed before it is done, and started once more. */
    private static final int STARTS_PER_EARLY_KILL = 5;
    /** The process lives until its users got a drawn number of messages of events, up to this. */
    private static final int MOST_MESSAGES = 800;
    private static final Duration LONGEST_LIFE = Duration.ofSeconds(3);
    private static final long SHORTEST_START_MILLIS = 200;
    private static final long LONGEST_START_MILLIS = 2_500;

    @TempDir
    private Path folder;

    private final long seed = Long.getLong("insula.crash.seed", new Random().nextLong(1_000_000_000));
    private final Random random = new Random(seed);
    private final List<Outage> outages = new ArrayList<>();

    @Test
    void nothingAcknowledgedOrShownIsLostHoweverOftenTheProcessIsKilled() throws Exception {
        System.out.println("crashes: seed " + seed + " (-Dinsula.crash.seed), rounds " + ROUNDS + ", users " + USERS);
        var installation = Installation.withScenarios(folder);
        for (int done = 0; done < ROUNDS; done += ROUNDS_OF_USERS) {
            var users = BusyCrowd.of(USERS, "crash-" + done, random);
            for (int round = done; round < Math.min(ROUNDS, done + ROUNDS_OF_USERS); round++) {
                liveAndDie(installation, users);
                assertEquals("", users.findings(), "seed " + seed + ", round " + round);
            }
            try (var app = start(installation)) {
                users.start(user -> user.finish(app, outages)).join();
            }
            System.out.println("crashes: killed " + outages.size() + " times, " + users.report());
            assertEquals("", users.findings(), "seed " + seed);
            assertEquals(Set.of(), users.farewells());
        }
    }

    private PackagedApp start(Installation installation) throws IOException, InterruptedException {
        if (random.nextInt(STARTS_PER_EARLY_KILL) == 0) {
            try (var early = PackagedApp.launch(installation, environment())) {
                waitFor(SHORTEST_START_MILLIS + random.nextLong(LONGEST_START_MILLIS));
                kill(early);
            }
        }
        return PackagedApp.start(installation, environment());
    }

    private static Map<String, String> environment() {
        var environment = new HashMap<>(PackagedApp.ROOMY);
        // Most of these processes die young: nothing is worth optimising.
        environment.put("INSULA_JAVA_OPTIONS", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Xshare:auto");
        return environment;
    }

    private void liveAndDie(Installation installation, BusyCrowd users) throws Exception {
        try (var app = start(installation)) {
            var work = users.start(user -> user.work(app, Long.MAX_VALUE));
            users.awaitEvents(1 + random.nextInt(MOST_MESSAGES), LONGEST_LIFE);
            kill(app);
            if (!work.endsWithin(NOTICE)) {
                users.lose();
            }
            work.join();
        }
    }

    /** The moment of the kill is drawn; nothing can be waited for that would not make it less arbitrary. */
    private static void waitFor(long millis) throws InterruptedException {
        if (new CountDownLatch(1).await(millis, TimeUnit.MILLISECONDS)) {
            throw new IllegalStateException("nobody counts this latch down");
        }
    }

    private void kill(PackagedApp app) throws IOException, InterruptedException {
        long from = System.currentTimeMillis();
        app.signal("KILL");
        app.awaitExit();
        outages.add(new Outage(from, System.currentTimeMillis()));
    }

}
