package io.insula.endtoend;

import io.insula.endtoend.FrailConnection.LostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Prints how long a user waits from an input to the first event, alone and beside somebody who takes all that one user
 * may take by the documented limits. Nobody reads what the other one's runs say: it is the platform that is measured, not
 * the reader. Many users are measured one after the other, since one may not send so much.
 */
class NeighbourBenchmark {
    private static final int USERS = 80;
    /** So often all is done before anything is measured, until most of what runs is compiled. */
    private static final int WARM_UP = 3;
    /** A connection, a subscription and these are as many messages as one may send at once. */
    private static final int RUNS_EACH = 28;
    private static final int RUNS_AT_ONCE = 3;
    private static final int CONNECTIONS = 7;
    private static final Duration REFUSED = Duration.ofMillis(200);

    @TempDir
    Path folder;

    private final AtomicBoolean busy = new AtomicBoolean();
    private PackagedApp app;

    /** What one thread of the other user does again and again. */
    private interface Deed {
        /** Tells whether more is taken now. */
        boolean of(String token, FrailConnection connection, int number) throws Exception;
    }

    @BeforeEach
    void start() throws Exception {
        app = PackagedApp.start(Installation.withScenarios(folder), Map.of("INSULA_SHUTDOWN_DRAIN", "1 s"));
        app.awaitOutput("scenario");
    }

    @AfterEach
    void stop() {
        app.close();
    }

    private static boolean run(FrailConnection connection, String agent, String input, String thread)
            throws Exception {
        ObjectNode message = connection.message("run.start").put("request", UUID.randomUUID().toString())
                .put("agent", agent).put("input", input).put("thread", thread);
        JsonNode reply = connection.call(message);
        return reply.path("type").asString().equals("accepted");
    }

    @Test
    void besideAFlood() throws Exception {
        compare("a flood", RUNS_AT_ONCE, (token, connection, number) -> run(
                connection, "flood", "count=16000", "flood-" + number));
    }

    @Test
    void besideFullQueues() throws Exception {
        compare("full queues", RUNS_AT_ONCE, (token, connection, number) -> run(
                connection, "wait-for-stop", "", "queue-" + number));
    }

    @Test
    void besideManyConnections() throws Exception {
        compare("many connections", CONNECTIONS, (token, connection, number) -> {
            try (var another = FrailConnection.open(app.webSocket(), token, frame -> {})) {
                another.call(another.message("subscribe").put("after", "start"));
                return true;
            } catch (LostException refused) {
                return false;
            }
        });
    }

    @Test
    void besideRunsThatBlock() throws Exception {
        compare("runs that block", RUNS_AT_ONCE, (token, connection, number) -> run(
                connection, "tool-waiter", "", "block-" + number));
    }

    @Test
    void besideBusyLoops() throws Exception {
        compare("three busy loops", RUNS_AT_ONCE, "p99 at most 250 ms", (token, connection, number) -> run(
                connection, "busy-loop", "seconds=600", "busy-" + number));
    }

    private void compare(String what, int threads, Deed deed) throws Exception {
        compare(what, threads, "ratio of p99 at most 1.5", deed);
    }

    private void compare(String what, int threads, String limit, Deed deed) throws Exception {
        var alone = new ArrayList<Long>();
        var beside = new ArrayList<Long>();
        for (int i = 0; i < WARM_UP; i++) {
            measure("first-" + i, new ArrayList<>());
        }
        measure("before", alone);
        var again = new ArrayList<Long>();
        measure("again", again);
        int left;
        String token = app.token("other");
        try (var connection = FrailConnection.open(app.webSocket(), token, frame -> {});
                var others = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> deeds = new ArrayList<>();
            busy.set(true);
            for (int i = 0; i < threads; i++) {
                int number = i;
                deeds.add(others.submit(() -> repeat(deed, token, connection, number)));
            }
            measure("beside", beside);
            busy.set(false);
            for (var each : deeds) {
                each.get();
            }
            left = unfinished(connection);
        }
        System.out.printf("from input to first event: alone %s, once more %s, beside %s %s with %d runs"
                + " left of it, ratio of p99 %.2f (%s)%n",
                spread(alone), spread(again), what, spread(beside), left,
                2.0 * percentile(beside, 99) / (percentile(alone, 99) + percentile(again, 99)),
                limit);
    }

    /** Runs of the other one that have not ended, when there is room for the question. */
    private static int unfinished(FrailConnection connection) throws LostException, InterruptedException {
        JsonNode reply = connection.call(connection.message("snapshot"));
        while (reply.path("type").asString().equals("refused")) {
            Thread.sleep(REFUSED);
            reply = connection.call(connection.message("snapshot"));
        }
        return reply.path("runs").size();
    }

    /** A client that is refused waits before it tries again, as it is told to. */
    private Void repeat(Deed deed, String token, FrailConnection connection, int number) throws Exception {
        while (busy.get()) {
            boolean taken = deed.of(token, connection, number);
            if (!taken) {
                Thread.sleep(REFUSED);
            }
        }
        return null;
    }

    private void measure(String subjects, List<Long> nanos) {
        for (int each = 0; each < USERS; each++) {
            try (var user = InsulaClient.follow(app.webSocket(), app.token(subjects + "-" + each))) {
                for (int i = 0; i < RUNS_EACH; i++) {
                    long sent = System.nanoTime();
                    var hello = user.start("hello", "Ada");
                    user.awaitEvent(hello.run(), "RUN_STARTED");
                    nanos.add(System.nanoTime() - sent);
                    user.awaitEnd(hello.run());
                }
            }
        }
    }

    private static long percentile(List<Long> nanos, int percent) {
        var sorted = new ArrayList<>(nanos);
        Collections.sort(sorted);
        return sorted.get(Math.min(sorted.size() - 1, sorted.size() * percent / 100));
    }

    private static String spread(List<Long> nanos) {
        return "p50 %.2f ms, p99 %.2f ms".formatted(percentile(nanos, 50) / 1e6, percentile(nanos, 99) / 1e6);
    }
}
