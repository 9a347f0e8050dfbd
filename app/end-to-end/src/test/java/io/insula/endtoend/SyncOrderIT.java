package io.insula.endtoend;

import static io.insula.endtoend.Runs.assertSuccess;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.insula.endtoend.FaultyFiles.Fault;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nothing is acknowledged or shown before the disk has it. */
class SyncOrderIT {
    private static final int USERS = 8;
    private static final int RUNS_EACH = 6;
    private static final int PIECES = 10;

    @TempDir
    private Path folder;

    @Test
    void theSyncOfWhatWasWrittenComesBeforeTheAcknowledgementAndTheEvents() throws Exception {
        var files = FaultyFiles.in(folder);
        try (var app = PackagedApp.start(Installation.withScenarios(folder), files.environment())) {
            try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
                CompletableFuture.allOf(IntStream.range(0, USERS)
                        .mapToObj(number -> CompletableFuture.runAsync(() -> run(app, number), threads))
                        .toArray(CompletableFuture[]::new)).join();
            }

            var trace = SyncTrace.of(files.trace());

            assertEquals(List.of(), trace.violations());
            assertEquals(USERS * RUNS_EACH, trace.sent("accepted"));
            // Each piece of what is said has a mark of its own.
            assertTrue(trace.sent("events") > USERS * RUNS_EACH * PIECES, () -> "events: " + trace.sent("events"));
        }
    }

    private static void run(PackagedApp app, int number) {
        try (var user = app.user("traced-" + number)) {
            for (int i = 0; i < RUNS_EACH; i++) {
                String mark = "TRACE-" + number + "-" + i;
                var started = user.start(user.run("echo", "marker=" + mark + " count=" + PIECES, "t").put("run", mark));
                assertEquals(mark, started.run());
                if (i % 2 == 0) {
                    assertSuccess(user.awaitEnd(mark));
                }
            }
            user.awaitCount(RUNS_EACH, "ends", ReceivedEvent::isTerminal);
        }
    }

    @Test
    void whileTheDiskIsAtWorkNothingIsAcknowledgedAndNothingIsShown() throws Exception {
        var files = FaultyFiles.in(folder);
        try (var app = PackagedApp.start(Installation.withScenarios(folder), files.environment());
                var user = app.user("waiting")) {
            assertSuccess(user.awaitEnd(user.start("echo", "marker=before").run()));
            int frames = user.frames().size();
            files.inflict(Fault.SYNC_WAITS);
            var message = user.run("echo", "marker=TRACE-1", "t").put("run", "TRACE-1");

            user.send(message);
            Eventually.await("the begin of the sync", () -> isUnderWay(files), app::output);
            // The server answers what needs no disk, and so has had its chance to answer the other.
            assertEquals("pong", user.call(user.message("ping")).path("type").asString());

            assertEquals(frames + 1, user.frames().size(), () -> user.frames().toString());
            files.heal();
            assertEquals("accepted", user.reply(message.path("id").asString()).path("type").asString());
            assertSuccess(user.awaitEnd("TRACE-1"));
            assertEquals(List.of(), SyncTrace.of(files.trace()).violations());
        }
    }

    private static boolean isUnderWay(FaultyFiles files) {
        try {
            var lines = files.trace();
            return !lines.isEmpty() && lines.getLast().startsWith("begin")
                    && lines.stream().anyMatch(line -> line.startsWith("write") && line.endsWith("TRACE-1"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
