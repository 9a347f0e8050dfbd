package io.insula.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** However many runs there were, the program needs no more memory than for those that there are. */
class SmallHeapIT {
    private static final int RUNS = Integer.getInteger("insula.leak.runs", 100_000);
    private static final int USERS = 50;
    /** Below what a user may have waiting. */
    private static final int AT_ONCE = 24;

    @TempDir
    private Path folder;

    /** Counts how runs end, and lets as many begin. */
    private static final class Ends implements FrailConnection.Listener {
        private final Semaphore places = new Semaphore(AT_ONCE);
        private final AtomicInteger succeeded = new AtomicInteger();
        private final AtomicInteger failed = new AtomicInteger();

        @Override
        public void receive(JsonNode frame) {
            for (var envelope : frame.path("events")) {
                String type = envelope.path("event").path("type").asString("");
                if (type.equals("RUN_FINISHED") || type.equals("RUN_ERROR")) {
                    (type.equals("RUN_FINISHED") ? succeeded : failed).incrementAndGet();
                    places.release();
                }
            }
        }

        void awaitPlaces(int count) throws InterruptedException {
            boolean free = places.tryAcquire(count, Moment.DEADLINE.toSeconds(), TimeUnit.SECONDS);
            assertEquals(true, free, () -> "no run ends: " + succeeded + " have, " + failed + " failed");
        }
    }

    @Test
    void aHundredThousandRunsFitIntoAHeapOf64Megabytes() throws Exception {
        var environment = new HashMap<>(PackagedApp.ROOMY);
        environment.put("INSULA_JAVA_OPTIONS", "-Xmx64m -XX:+ExitOnOutOfMemoryError");
        try (var app = PackagedApp.start(Installation.withPlugins(folder, List.of("hello")), environment);
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            long begun = System.nanoTime();
            List<Future<Ends>> users = new ArrayList<>();
            for (int i = 0; i < USERS; i++) {
                String subject = "small-heap-" + i;
                users.add(threads.submit(() -> work(app, subject, RUNS / USERS)));
            }
            int succeeded = 0;
            for (var user : users) {
                succeeded += user.get().succeeded.get();
            }
            System.out.printf("small heap: %d runs of %d users in %d s%n", succeeded, USERS,
                    (System.nanoTime() - begun) / 1_000_000_000);
            assertEquals(RUNS / USERS * USERS, succeeded);
            assertFalse(app.output().contains("OutOfMemoryError"), app::output);
        }
    }

    private static Ends work(PackagedApp app, String subject, int runs) throws Exception {
        var ends = new Ends();
        try (var connection = FrailConnection.open(app.webSocket(), app.token(subject), ends)) {
            connection.call(connection.message("subscribe").put("after", "start"));
            for (int i = 0; i < runs; i++) {
                ends.awaitPlaces(1);
                var reply = connection.call(connection.message("run.start")
                        .put("request", UUID.randomUUID().toString())
                        .put("agent", "hello").put("input", "run " + i).put("thread", "thread-" + i % 5));
                assertEquals("accepted", reply.path("type").asString(), reply::toString);
            }
            ends.awaitPlaces(AT_ONCE);
        }
        return ends;
    }
}
