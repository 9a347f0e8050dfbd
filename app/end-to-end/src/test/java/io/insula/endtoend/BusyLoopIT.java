package io.insula.endtoend;

import static io.insula.endtoend.Runs.assertCancelled;
import static io.insula.endtoend.Runs.assertSuccess;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A user who occupies the processor costs the others little, and is stopped like anybody else. */
class BusyLoopIT {
    private static final int ROUNDS = 20;
    private static final long FIRST_EVENT_MILLIS = 5_000;

    @TempDir
    private Path folder;

    @Test
    void threeBusyLoopsOfOneUserLeaveAnotherServedAndEndAtOnceForTheirOwn() throws Exception {
        try (var app = PackagedApp.start(Installation.withScenarios(folder));
                var busy = app.user("busy");
                var other = app.user("other")) {
            var loops = new ArrayList<InsulaClient.Started>();
            for (int i = 0; i < 3; i++) {
                loops.add(busy.start("busy-loop", "seconds=20"));
            }
            loops.forEach(loop -> busy.awaitText(loop.run(), "busy"));

            var first = new ArrayList<Long>();
            var whole = new ArrayList<Long>();
            for (int i = 0; i < ROUNDS; i++) {
                long sent = System.nanoTime();
                var hello = other.start("hello", "Ada");
                other.awaitEvent(hello.run(), "RUN_STARTED");
                first.add((System.nanoTime() - sent) / 1_000_000);
                assertSuccess(other.awaitEnd(hello.run()));
                whole.add((System.nanoTime() - sent) / 1_000_000);
            }
            Collections.sort(first);
            Collections.sort(whole);
            System.out.printf(
                    "beside three busy loops: first event median %d ms, worst %d ms; whole run median %d ms, worst %d ms%n",
                    first.get(ROUNDS / 2), first.getLast(), whole.get(ROUNDS / 2), whole.getLast());
            assertTrue(first.getLast() < FIRST_EVENT_MILLIS, () -> "a first event took " + first.getLast() + " ms");

            for (var loop : loops) {
                assertEquals("running", busy.read(loop.run()).path("state").asString());
                long sent = System.nanoTime();
                assertEquals("cancelled", busy.cancel(loop.run()).path("state").asString());
                assertCancelled(busy.awaitEnd(loop.run()));
                long millis = (System.nanoTime() - sent) / 1_000_000;
                assertTrue(millis < FIRST_EVENT_MILLIS, () -> "a stop took " + millis + " ms");
            }
            // The three go on behind the scenes: that user gets no more of this plugin for now, but all of the others.
            assertEquals("plugin-unhealthy", awaitUnhealthy(busy));
            assertSuccess(busy.awaitEnd(busy.start("hello", "still here").run()));
            assertSuccess(other.awaitEnd(other.start("echo", "marker=healthy").run()));
        }
    }

    /** Runs count as abandoned only after a moment of grace. */
    private static String awaitUnhealthy(InsulaClient user) {
        for (int i = 0; i < 200; i++) {
            var reply = user.call(user.run("echo", "marker=refused", "after"));
            if (reply.path("type").asString().equals("refused")) {
                return reply.path("code").asString();
            }
            var end = user.awaitEnd(reply.path("run").asString());
            if (end.type().equals("RUN_ERROR")) {
                return end.text("code");
            }
        }
        return "never refused";
    }
}
