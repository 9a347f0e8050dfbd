package io.insula.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Nothing of one user reaches another, whatever they name their things and however many there are at once. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class IsolationIT {
    private static final int USERS = 200;
    private static final int RUNS = 10;
    /** A scan that finds fewer looks for the wrong thing. */
    private static final int MARKERS_AT_LEAST = 50;
    private static final Pattern MARKER = Pattern.compile("mk-([0-9]{3})-");
    /** Every user sends these very ids. */
    private static final List<UUID> REQUESTS = java.util.stream.Stream.generate(UUID::randomUUID).limit(RUNS).toList();

    private PackagedApp app;

    @BeforeAll
    void start(@TempDir Path folder) throws IOException {
        app = PackagedApp.start(Installation.withScenarios(folder));
    }

    @AfterAll
    void stop() {
        app.close();
    }

    private static String name(int user) {
        return "mk-%03d-user".formatted(user);
    }

    private static String marker(int user, int run) {
        return "mk-%03d-run-%d".formatted(user, run);
    }

    @Test
    void twoUsersWithSeveralConnectionsEachSeeOnlyTheirOwn() {
        var ada = List.of(app.user("mk-900-ada"), app.user("mk-900-ada"), app.user("mk-900-ada"));
        var bob = List.of(app.user("mk-901-bob"), app.user("mk-901-bob"));
        for (int i = 0; i < 6; i++) {
            ada.get(i % 3).start(ada.getFirst().run("marked", "marker=mk-900-" + i, "shared").put("run", "run-" + i));
            bob.get(i % 2).start(bob.getFirst().run("marked", "marker=mk-901-" + i, "shared").put("run", "run-" + i));
        }
        ada.forEach(client -> client.awaitCount(6, "ends", ReceivedEvent::isTerminal));
        bob.forEach(client -> client.awaitCount(6, "ends", ReceivedEvent::isTerminal));

        ada.forEach(client -> assertOnly(900, client));
        bob.forEach(client -> assertOnly(901, client));
        for (var client : List.of(ada.getFirst(), bob.getFirst())) {
            assertEquals(6, client.succeed(client.message("runs.list")).path("runs").size());
            assertEquals(1, client.succeed(client.message("threads.list")).path("threads").size());
        }
        ada.forEach(InsulaClient::close);
        bob.forEach(InsulaClient::close);
    }

    @Test
    void twoHundredUsersWithTheSameIdsAtOnceGetTheirOwnWholeAndInOrder() throws Exception {
        var connected = new CountDownLatch(USERS);
        var begin = new CountDownLatch(1);
        var results = new ArrayList<Future<Long>>();
        try (var users = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < USERS; i++) {
                int user = i;
                results.add(users.submit(() -> actAs(user, connected, begin)));
            }
            connected.await();
            long start = System.nanoTime();
            begin.countDown();
            long frames = 0;
            for (var result : results) {
                frames += result.get();
            }
            System.out.printf("%d users x %d runs: %d frames checked in %d ms%n", USERS, RUNS, frames,
                    (System.nanoTime() - start) / 1_000_000);
        } catch (ExecutionException e) {
            throw new AssertionError("one user saw what it should not: " + e.getCause().getMessage(), e.getCause());
        }
    }

    /** Sends all inputs at once, waits for all ends, and looks at every frame of every connection. */
    private long actAs(int user, CountDownLatch connected, CountDownLatch begin) throws InterruptedException {
        String token = app.token(name(user));
        var clients = new ArrayList<InsulaClient>();
        try {
            for (int i = 0; i < (user % 10 == 0 ? 3 : 1); i++) {
                clients.add(InsulaClient.follow(app.webSocket(), token));
            }
        } finally {
            connected.countDown();
        }
        begin.await();
        for (int run = 0; run < RUNS; run++) {
            var client = clients.get(run % clients.size());
            client.send(client.run("marked", "marker=" + marker(user, run) + " count=5", "thread-" + run % 4)
                    .put("run", "run-" + run).put("request", REQUESTS.get(run).toString()).put("id", "start-" + run));
        }
        for (int run = 0; run < RUNS; run++) {
            var accepted = clients.get(run % clients.size()).reply("start-" + run);
            assertEquals("accepted run-" + run,
                    accepted.path("type").asString() + " " + accepted.path("run").asString(),
                    accepted::toString);
        }
        long frames = 0;
        for (var client : clients) {
            client.awaitCount(RUNS, "ends for " + name(user), ReceivedEvent::isTerminal);
            assertOnly(user, client);
            assertWhole(user, client);
            frames += client.frames().size();
            client.close();
        }
        return frames;
    }

    private static void assertOnly(int user, InsulaClient client) {
        int found = 0;
        for (var frame : client.frames()) {
            var markers = MARKER.matcher(frame);
            while (markers.find()) {
                found++;
                assertEquals(user, Integer.parseInt(markers.group(1)), () -> "a frame of user " + user + ": " + frame);
            }
        }
        assertTrue(found > MARKERS_AT_LEAST, "the frames of user " + user + " hold " + found + " markers");
    }

    private static void assertWhole(int user, InsulaClient client) {
        client.assertOrder();
        for (int run = 0; run < RUNS; run++) {
            String id = "run-" + run;
            String marker = marker(user, run);
            var end = client.awaitEnd(id);
            Runs.assertSuccess(end);
            assertEquals("{\"marker\":\"" + marker + "\",\"subject\":\"" + name(user) + "\"}",
                    end.event().path("result").toString());
            var expected = new StringBuilder();
            for (int i = 0; i < 5; i++) {
                expected.append('[').append(marker).append('#').append(i).append(']');
            }
            String said = client.said(id);
            assertTrue(said.startsWith(expected.toString()), () -> id + " of user " + user + " said " + said);
            assertEquals(1, client.events(id).stream().filter(event -> event.type().equals("RUN_STARTED")).count());
        }
        assertEquals(RUNS, client.events().stream().filter(ReceivedEvent::isTerminal).count());
        for (int thread = 0; thread < 4; thread++) {
            assertOrderOfThread(thread, client);
        }
    }

    /** The runs of a thread begin in the order in which they were accepted. */
    private static void assertOrderOfThread(int thread, InsulaClient client) {
        var accepted = ids("insula.run.accepted", thread, client);
        var started = ids("RUN_STARTED", thread, client);
        assertEquals(accepted, started);
    }

    private static List<String> ids(String what, int thread, InsulaClient client) {
        return client.events().stream().filter(event -> event.thread().equals("thread-" + thread))
                .filter(event -> event.type().equals(what) || event.isCustom(what)).map(ReceivedEvent::run).toList();
    }
}
