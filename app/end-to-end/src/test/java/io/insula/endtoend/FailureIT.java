package io.insula.endtoend;

import static io.insula.endtoend.Runs.assertEndedOnce;
import static io.insula.endtoend.Runs.assertNextInputWorks;
import static io.insula.endtoend.Runs.assertSuccess;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a plugin throws becomes a code, never a text, and ends its own run alone. */
@ExtendWith(SharedApp.class)
class FailureIT {
    private final PackagedApp app;

    FailureIT(PackagedApp app) {
        this.app = app;
    }

    @ParameterizedTest
    @CsvSource({
            "failure, scenario.foreseen",
            "runtime, agent-failed",
            "checked, agent-failed",
            "error, agent-failed",
            "overflow, agent-failed",
            "memory, agent-failed",
            "null, agent-failed",
            "tool-failure, scenario.tool-foreseen",
            "tool-runtime, tool-failed",
            "tool-unknown, tool-unknown",
            "tool-arguments, arguments-invalid",
            "sub-agent-unknown, agent-unknown",
            "sub-agent-runtime, agent-failed",
    })
    void endsTheRunWithACode(String how, String code) {
        try (var user = app.user("fail-" + how)) {
            var started = user.start("fail", "how=" + how + " secret=of-" + how);

            assertEquals(code, Runs.error(user, started.run()));

            assertEndedOnce(user, started.run(), "failed");
            assertEquals(code, user.read(started.run()).path("code").asString());
            assertNextInputWorks(user, started.thread());
            for (var frame : user.frames()) {
                assertFalse(frame.contains("classified-"), frame);
                assertFalse(frame.contains("Exception") || frame.contains("io.insula.scenario"), frame);
            }
        }
    }

    @Test
    void aForeseenFailureSaysItsMessageToTheUser() {
        try (var user = app.user("fail-message")) {
            var started = user.start("fail", "how=failure");

            assertEquals("This was to be expected.", user.awaitEnd(started.run()).text("message"));
        }
    }

    @Test
    void anAgentThatDoesNotExistIsRefusedBeforeARunBegins() {
        try (var user = app.user("fail-unknown-agent")) {
            assertEquals("agent-unknown", user.refused(user.run("no-such-agent", "", "t")));
            var message = user.run("echo", "", "t");
            message.remove("agent");
            assertEquals("agent-required", user.refused(message));
            assertTrue(user.events().isEmpty());
        }
    }

    @Test
    void ofTwelveSubAgentsAtOnceOneFailsAndTheOthersDoNot() {
        try (var user = app.user("fan-out")) {
            var started = user.start("fan-out", "count=12 failing=5");

            var end = user.awaitEnd(started.run());

            assertSuccess(end);
            assertEquals("11 completed, 1 failed", user.said(started.run()));
            assertEquals("{\"completed\":11,\"failed\":1}", end.event().path("result").toString());
            int atOnce = 0;
            int most = 0;
            var names = new HashSet<String>();
            for (var event : user.events(started.run())) {
                switch (event.type()) {
                    case "SUBAGENT_STARTED" -> {
                        most = Math.max(most, ++atOnce);
                        names.add(event.text("name"));
                    }
                    case "SUBAGENT_FINISHED", "SUBAGENT_ERROR" -> atOnce--;
                    default -> {
                    }
                }
            }
            assertTrue(most <= 8, "more than eight at once: " + most);
            assertEquals("[echo, fail]", names.stream().sorted().toList().toString());
            assertEquals(12, count(user, started.run(), "SUBAGENT_STARTED"));
            assertEquals(1, count(user, started.run(), "SUBAGENT_ERROR"));
        }
    }

    @Test
    void anAgentThatCallsItselfIsRefused() {
        try (var user = app.user("cycle")) {
            var started = user.start("cycle", "");

            assertSuccess(user.awaitEnd(started.run()));

            assertEquals("refused: delegation-refused", user.said(started.run()));
        }
    }

    @Test
    void theNinthLevelIsRefused() {
        try (var user = app.user("levels")) {
            var started = user.start("level-1", "");

            assertSuccess(user.awaitEnd(started.run()));

            assertEquals("8 levels, then delegation-refused", user.said(started.run()));
        }
    }

    private static long count(InsulaClient user, String run, String type) {
        return user.events(run).stream().filter(event -> event.type().equals(type)).count();
    }
}
