package io.insula.endtoend;

import static io.insula.endtoend.Runs.assertCancelled;
import static io.insula.endtoend.Runs.assertEndedOnce;
import static io.insula.endtoend.Runs.assertNextInputWorks;
import static io.insula.endtoend.Runs.assertSuccess;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A stop works at every stage, at once, ends in one terminal event, and the thread goes on. */
@ExtendWith(SharedApp.class)
class StopIT {
    private static final long AT_ONCE_MILLIS = 5_000;

    private final PackagedApp app;

    StopIT(PackagedApp app) {
        this.app = app;
    }

    private static void stop(InsulaClient user, InsulaClient.Started started) {
        long before = System.nanoTime();
        assertEquals("cancelled", user.cancel(started.run()).path("state").asString());
        assertCancelled(user.awaitEnd(started.run()));
        long millis = (System.nanoTime() - before) / 1_000_000;
        assertTrue(millis < AT_ONCE_MILLIS, () -> "the stop took " + millis + " ms");
        assertEndedOnce(user, started.run(), "cancelled");
    }

    @Test
    void stopsARunThatWaitsForItsTurn() {
        try (var user = app.user("stop-queued")) {
            var first = user.start("wait-for-stop", "");
            user.awaitText(first.run(), "waiting");
            var queued = user.start("echo", "marker=never", first.thread());
            assertEquals("queued", user.read(queued.run()).path("state").asString());

            stop(user, queued);

            assertEquals("", user.said(queued.run()));
            assertEquals("running", user.read(first.run()).path("state").asString());
            stop(user, first);
            assertNextInputWorks(user, first.thread());
        }
    }

    @Test
    void stopsARunInTheMomentItWasAccepted() {
        try (var user = app.user("stop-accepted")) {
            for (int i = 0; i < 10; i++) {
                stop(user, user.start("wait-for-stop", "", "t"));
            }
            assertNextInputWorks(user, "t");
        }
    }

    @Test
    void stopsARunThatIsAtWork() {
        try (var user = app.user("stop-running")) {
            var started = user.start("wait-for-stop", "");
            user.awaitText(started.run(), "waiting");

            stop(user, started);

            assertNextInputWorks(user, started.thread());
        }
    }

    @Test
    void stopsARunInsideATool() {
        try (var user = app.user("stop-tool")) {
            var started = user.start("tool-waiter", "");
            user.awaitEvent(started.run(), "TOOL_CALL_END");

            stop(user, started);

            user.awaitEvent(started.run(), "TOOL_CALL_RESULT");
            user.awaitEvent(started.run(), "STEP_FINISHED");
            assertNextInputWorks(user, started.thread());
        }
    }

    @Test
    void stopsARunInsideASubAgent() {
        try (var user = app.user("stop-sub-agent")) {
            var started = user.start("sub-agent-waiter", "");
            var said = user.awaitEvent("the sub-agent at work",
                    event -> event.run().equals(started.run()) && event.text("delta").equals("waiting"));
            assertFalse(said.text("subagentRunId").isEmpty());

            stop(user, started);

            user.awaitEvent("the end of the sub-agent", event -> event.type().startsWith("SUBAGENT_")
                    && !event.type().equals("SUBAGENT_STARTED")
                    && event.text("subagentRunId").equals(said.text("subagentRunId")));
            assertNextInputWorks(user, started.thread());
        }
    }

    @Test
    void stopsARunThatWaitsForAnAnswer() {
        try (var user = app.user("stop-waiting")) {
            var started = user.start("asker", "kind=approval");
            var question = user.awaitQuestion(started.run());

            stop(user, started);

            assertEquals("question-unknown", user.refused(user.answer(started.run(), question).put("answer", true)));
            assertNextInputWorks(user, started.thread());
        }
    }

    @Test
    void aRunThatHasEndedStaysAsItEnded() {
        try (var user = app.user("stop-ended")) {
            var started = user.start("echo", "marker=done");
            assertSuccess(user.awaitEnd(started.run()));

            assertEquals("completed", user.cancel(started.run()).path("state").asString());

            assertEndedOnce(user, started.run(), "completed");
        }
    }

    @Test
    void twentyStopsAtOnceMakeOneEnd() {
        try (var user = app.user("stop-often")) {
            var started = user.start("wait-for-stop", "");
            user.awaitText(started.run(), "waiting");
            var messages = java.util.stream.Stream.generate(() -> user.message("run.cancel").put("run", started.run()))
                    .limit(20)
                    .toList();

            messages.forEach(user::send);

            for (var message : messages) {
                assertEquals("cancelled",
                        user.reply(message.path("id").asString()).path("run").path("state").asString());
            }
            user.awaitEnd(started.run());
            assertEndedOnce(user, started.run(), "cancelled");
        }
    }

    @Test
    void nothingFollowsTheEndOfARunThatDoesNotTakeAStopForAnAnswer() {
        try (var user = app.user("stop-late")) {
            var started = user.start("late-emitter", "");
            user.awaitText(started.run(), "waiting");

            stop(user, started);
            for (int i = 0; i < 5; i++) {
                assertNextInputWorks(user, started.thread());
            }

            assertEquals("waiting", user.said(started.run()));
            assertTrue(user.events(started.run()).getLast().isTerminal());
        }
    }

    @Test
    void aRunEndsAtItsDeadline() {
        try (var user = app.user("deadline")) {
            var started = user.start("short-deadline", "");

            assertEquals("deadline-exceeded", Runs.error(user, started.run()));

            var events = user.events(started.run());
            long millis = events.getLast().event().path("timestamp").asLong()
                    - user.awaitEvent(started.run(), "RUN_STARTED").event().path("timestamp").asLong();
            assertTrue(millis >= 900 && millis < 6_000, () -> "a deadline of one second came after " + millis + " ms");
            assertEndedOnce(user, started.run(), "timed-out");
            assertEquals("deadline-exceeded", user.read(started.run()).path("code").asString());
            assertNextInputWorks(user, started.thread());
        }
    }

    @Test
    void aStopFreesThePlaceAmongTheThree() {
        try (var user = app.user("stop-places")) {
            var three = List.of(user.start("wait-for-stop", ""), user.start("wait-for-stop", ""),
                    user.start("wait-for-stop", ""));
            three.forEach(started -> user.awaitText(started.run(), "waiting"));
            var fourth = user.start("echo", "marker=fourth");
            assertEquals("queued", user.read(fourth.run()).path("state").asString());

            stop(user, three.getFirst());

            assertSuccess(user.awaitEnd(fourth.run()));
            stop(user, three.get(1));
            stop(user, three.get(2));
        }
    }
}
