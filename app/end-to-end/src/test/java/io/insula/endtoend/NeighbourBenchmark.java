package io.insula.endtoend;

import io.insula.endtoend.FrailConnection.LostException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.node.ObjectNode;

/**
 * Prints how long a user waits from an input to the first event, alone and beside somebody who takes all that one user
 * may take, in turns. Nobody reads what the other one's runs say: it is the platform that is measured, not the reader.
 */
@ExtendWith(SharedApp.class)
class NeighbourBenchmark {
    private static final int SLICES = 8;
    private static final int RUNS_EACH = 150;
    private static final int RUNS_AT_ONCE = 3;
    private static final int CONNECTIONS = 7;

    private final PackagedApp app;
    private final AtomicBoolean busy = new AtomicBoolean();

    NeighbourBenchmark(PackagedApp app) {
        this.app = app;
    }

    /** What one thread of the other user does again and again. */
    private interface Deed {
        void of(FrailConnection connection, int number) throws Exception;
    }

    private static ObjectNode run(FrailConnection connection, String agent, String input, String thread) {
        return connection.message("run.start").put("request", UUID.randomUUID().toString())
                .put("agent", agent).put("input", input).put("thread", thread);
    }

    @Test
    void besideAFlood() throws Exception {
        compare("a flood", RUNS_AT_ONCE, (connection, number) -> connection.call(
                run(connection, "echo", "marker=flood count=2000", "flood-" + number)));
    }

    @Test
    void besideFullQueues() throws Exception {
        compare("full queues", RUNS_AT_ONCE, (connection, number) -> connection.call(
                run(connection, "wait-for-stop", "", "queue-" + number)));
    }

    @Test
    void besideManyConnections() throws Exception {
        compare("many connections", CONNECTIONS, (connection, number) -> {
            try (var another = FrailConnection.open(app.webSocket(), app.token("other-many connections"),
                    frame -> {})) {
                another.call(another.message("subscribe").put("after", "start"));
            } catch (LostException refused) {
                // One more than a user may have is turned away: that is part of the load.
                return;
            }
        });
    }

    @Test
    void besideRunsThatBlock() throws Exception {
        compare("runs that block", RUNS_AT_ONCE, (connection, number) -> connection.call(
                run(connection, "tool-waiter", "", "block-" + number)));
    }

    private void compare(String what, int threads, Deed deed) throws Exception {
        var alone = new ArrayList<Long>();
        var beside = new ArrayList<Long>();
        try (var user = InsulaClient.follow(app.webSocket(), app.token("user-" + what));
                var connection = FrailConnection.open(app.webSocket(), app.token("other-" + what), frame -> {});
                var others = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int slice = 0; slice < SLICES; slice++) {
                measure(user, slice == 0 ? new ArrayList<>() : alone);
                busy.set(true);
                List<Future<?>> deeds = new ArrayList<>();
                for (int i = 0; i < threads; i++) {
                    int number = i;
                    deeds.add(others.submit(() -> {
                        while (busy.get()) {
                            deed.of(connection, number);
                        }
                        return null;
                    }));
                }
                measure(user, slice == 0 ? new ArrayList<>() : beside);
                busy.set(false);
                for (var each : deeds) {
                    each.get();
                }
                stopAll(connection);
            }
        }
        System.out.printf("from input to first event: alone %s, beside %s %s, ratio of p99 %.2f (at most 1.5)%n",
                spread(alone), what, spread(beside), (double) percentile(beside, 99) / percentile(alone, 99));
    }

    private static void measure(InsulaClient user, List<Long> nanos) {
        for (int i = 0; i < RUNS_EACH; i++) {
            long sent = System.nanoTime();
            var hello = user.start("hello", "Ada");
            user.awaitEvent(hello.run(), "RUN_STARTED");
            nanos.add(System.nanoTime() - sent);
            user.awaitEnd(hello.run());
        }
    }

    private static void stopAll(FrailConnection connection) throws LostException, InterruptedException {
        for (var run : connection.call(connection.message("snapshot")).path("runs")) {
            connection.call(connection.message("run.cancel").set("run", run.path("run")));
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
