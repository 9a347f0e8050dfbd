package io.insula.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Prints what many connections cost, how fast they come back, and how soon a user hears of a run. */
class FrontDoorBenchmark {
    private static final int CONNECTIONS = Integer.getInteger("insula.benchmark.connections", 10_000);
    private static final int WARM_UP_CONNECTIONS = 500;
    private static final int AT_ONCE = 64;
    private static final int WARM_UP_RUNS = 1_500;
    private static final int RUNS = 400;
    /** A connection may not ping as often as it likes. */
    private static final int RUNS_BETWEEN_PINGS = 5;
    private static final int COMMIT_BYTES = 4_096;
    private static final Duration SETTLES = Duration.ofSeconds(2);

    @TempDir
    Path folder;

    @Test
    void manyConnectionsWaitAndComeBack() throws Exception {
        var environment = new HashMap<>(PackagedApp.ROOMY);
        environment.putAll(PackagedApp.ATTACHABLE);
        try (var app = PackagedApp.start(Installation.withScenarios(folder), environment)) {
            app.awaitOutput("scenario");
            List<Follower> first = followers(app, "first", WARM_UP_CONNECTIONS);
            all(first, follower -> follower.come(app));
            first.forEach(Follower::cut);
            long before = settled(app);

            List<Follower> followers = followers(app, "follower", CONNECTIONS);
            double came = all(followers, follower -> follower.come(app));
            long with = settled(app);
            System.out.printf(
                    "%d idle connections: %.1f KiB of memory each (at most 12), in all %d MiB before and %d MiB"
                            + " with them; they came in %.2f s%n",
                    CONNECTIONS, (with - before) / 1_024.0 / CONNECTIONS,
                    before >> 20, with >> 20, came);

            all(followers, FrontDoorBenchmark::startAndGo);
            double back = all(followers, follower -> {
                follower.come(app);
                follower.awaitEnds(1);
            });
            List<String> findings = followers.stream().flatMap(follower -> follower.finding().stream()).toList();
            System.out.printf("%d connections came back and had all they missed in %.2f s (within 5 s), findings %s%n",
                    CONNECTIONS, back, findings);
            assertEquals(List.of(), findings);
            followers.forEach(Follower::cut);
        }
    }

    /** The memory of the process when everything is collected, and what is free given back, which takes it a moment. */
    private static long settled(PackagedApp app) throws Exception {
        app.diagnose("GC.run");
        long least = app.residentBytes();
        long since = System.nanoTime();
        while (System.nanoTime() - since < SETTLES.toNanos()) {
            LockSupport.parkNanos(SETTLES.toNanos() / 10);
            long now = app.residentBytes();
            if (now < least) {
                least = now;
                since = System.nanoTime();
            }
        }
        return least;
    }

    private static List<Follower> followers(PackagedApp app, String name, int count) {
        List<Follower> followers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            followers.add(new Follower(name + "-" + i, app.token(name + "-" + i)));
        }
        return followers;
    }

    /** Has something happen that the follower does not see. */
    private static void startAndGo(Follower follower) throws Exception {
        follower.start("hello", "Ada");
        follower.cut();
    }

    /** What a follower does. */
    private interface Deed {
        void of(Follower follower) throws Exception;
    }

    /** Has all of them do it, some at a time, and tells the seconds. */
    private static double all(List<Follower> followers, Deed deed) throws Exception {
        var room = new Semaphore(AT_ONCE);
        long begun = System.nanoTime();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Void>> done = new ArrayList<>();
            for (Follower follower : followers) {
                Callable<Void> task = () -> {
                    room.acquire();
                    try {
                        deed.of(follower);
                    } finally {
                        room.release();
                    }
                    return null;
                };
                done.add(threads.submit(task));
            }
            for (Future<Void> each : done) {
                each.get();
            }
        }
        return (System.nanoTime() - begun) / 1e9;
    }

    @Test
    void aRunOverAnOpenConnection() throws Exception {
        List<Long> first = new ArrayList<>();
        List<Long> closed = new ArrayList<>();
        List<Long> commits = new ArrayList<>();
        List<Long> trips = new ArrayList<>();
        var installation = Installation.withScenarios(folder);
        Map<String, Long> times = new ConcurrentHashMap<>();
        try (var app = PackagedApp.start(installation);
                FileChannel file = FileChannel.open(installation.data().resolve("bare"), StandardOpenOption.CREATE_NEW,
                        StandardOpenOption.WRITE);
                var connection = FrailConnection.open(app.webSocket(), app.token("ada"), Thread.ofPlatform(),
                        frame -> note(frame, times))) {
            app.awaitOutput("scenario");
            connection.call(connection.message("subscribe").put("after", "now"));
            for (int i = 0; i < WARM_UP_RUNS + RUNS; i++) {
                long committed = commit(file);
                if (i >= WARM_UP_RUNS && i % RUNS_BETWEEN_PINGS == 0) {
                    long pinged = System.nanoTime();
                    connection.call(connection.message("ping"));
                    trips.add(System.nanoTime() - pinged);
                }
                long begun = System.nanoTime();
                String run = connection.call(connection.message("run.start")
                        .put("request", UUID.randomUUID().toString()).put("agent", "hello").put("input", "Ada"))
                        .path("run").asString();
                Eventually.await("the end", () -> times.containsKey(run + " closed"), times::toString);
                if (i >= WARM_UP_RUNS) {
                    commits.add(committed);
                    first.add(times.get(run + " first") - begun);
                    closed.add(times.get(run + " closed") - begun);
                }
            }
        }
        double commit = median(commits);
        System.out.printf(
                "a run over an open connection: first event p50 %.2f ms (within 2 commits and 1 ms: %.2f), closed"
                        + " %.2f ms (within 4 commits and 2 ms: %.2f); a bare commit is %.2f ms, a ping and its answer %.2f"
                        + " ms%n",
                median(first), 2 * commit + 1, median(closed), 4 * commit + 2, commit, median(trips));
    }

    private static void note(JsonNode frame, Map<String, Long> times) {
        long now = System.nanoTime();
        for (JsonNode entry : frame.path("events")) {
            String run = entry.path("run").asString();
            times.putIfAbsent(run + " first", now);
            if (entry.path("event").path("type").asString().equals("RUN_FINISHED")) {
                times.put(run + " closed", now);
            }
        }
    }

    /** What the least costs that is durable: some bytes at the end of a file, on the disk. */
    private static long commit(FileChannel file) throws IOException {
        long begun = System.nanoTime();
        file.write(ByteBuffer.allocate(COMMIT_BYTES));
        file.force(false);
        return System.nanoTime() - begun;
    }

    private static double median(List<Long> nanos) {
        List<Long> sorted = new ArrayList<>(nanos);
        Collections.sort(sorted);
        return sorted.get(sorted.size() / 2) / 1e6;
    }
}
