package io.insula.endtoend;

import static io.insula.endtoend.Runs.assertEndedOnce;
import static io.insula.endtoend.Runs.assertSuccess;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Resumable runs whose process is killed under them, again and again. */
class ResumedRunIT {
    private static final int PIECES = 40;

    @TempDir
    private Path folder;

    private Installation installation;

    @BeforeEach
    void install() throws Exception {
        installation = Installation.withScenarios(folder);
    }

    private static String pieces(String marker) {
        return IntStream.range(0, PIECES).mapToObj(i -> "[" + marker + "#" + i + "]").collect(Collectors.joining());
    }

    private static long count(InsulaClient user, String run, String type) {
        return user.events(run).stream().filter(event -> event.type().equals(type)).count();
    }

    /** Starts the run, and kills the process whenever the run has come back and has said one of these texts. */
    private InsulaClient.Started interrupt(String subject, String input, List<String> texts) throws Exception {
        InsulaClient.Started started;
        try (var app = PackagedApp.start(installation)) {
            var user = app.user(subject);
            started = user.start("resumable-steps", input, "t");
            user.awaitText(started.run(), texts.getFirst());
            app.kill();
        }
        for (int kill = 1; kill < texts.size(); kill++) {
            try (var app = PackagedApp.start(installation)) {
                var user = app.user(subject);
                // What it said before it was killed is no sign that it has come back.
                user.awaitCount(kill, "times that the run came back", event -> event.isCustom("insula.resumed"));
                user.awaitText(started.run(), texts.get(kill));
                app.kill();
            }
        }
        return started;
    }

    @Test
    void aRunThatIsKilledAgainAndAgainSaysEverythingOnce() throws Exception {
        var started = interrupt("killed", "marker=a count=" + PIECES + " pause=20 part-pause=500",
                List.of("[a#9]", "[a#24]", "[a-1#0]"));
        try (var app = PackagedApp.start(installation); var user = app.user("killed")) {
            assertSuccess(user.awaitEnd(started.run()));
            assertEquals(pieces("a") + "done a", user.said(started.run()));
            assertEndedOnce(user, started.run(), "completed");
            for (int part = 0; part < 3; part++) {
                String last = "[a-" + part + "#4]";
                assertEquals(1, user.events(started.run()).stream()
                        .filter(event -> event.type().equals("TEXT_MESSAGE_CONTENT")
                                && event.text("delta").contains(last))
                        .count(), last);
            }
            assertEquals(3, user.events(started.run()).stream().filter(event -> event.isCustom("insula.resumed"))
                    .count());
            Runs.assertNextInputWorks(user, "t");
        }
    }

    @Test
    void aQuestionOutlivesTheProcessAndItsAnswerTakesTheRunOn() throws Exception {
        InsulaClient.Started started;
        String question;
        try (var app = PackagedApp.start(installation)) {
            var user = app.user("asked");
            started = user.start("resumable-steps", "marker=q count=" + PIECES + " ask=yes", "t");
            question = user.awaitQuestion(started.run());
            app.kill();
        }
        try (var app = PackagedApp.start(installation); var user = app.user("asked")) {
            assertEquals("waiting-for-answer", user.read(started.run()).path("state").asString());
            user.succeed(user.answer(started.run(), question).put("answer", true));
            assertSuccess(user.awaitEnd(started.run()));
            assertEquals(pieces("q") + "approval: truedone q", user.said(started.run()));
            assertEquals(1, user.events(started.run()).stream().filter(event -> event.isCustom("insula.question"))
                    .count());
        }
    }

    @Test
    void aStopOfThePlatformLeavesTheRunToTheNextStart() throws Exception {
        InsulaClient.Started started;
        try (var app = PackagedApp.start(installation)) {
            var user = app.user("stopped");
            started = user.start("resumable-steps", "marker=s count=" + PIECES + " pause=500", "t");
            user.awaitText(started.run(), "[s#2]");
            app.signal("TERM");
            app.awaitExit();
        }
        try (var app = PackagedApp.start(installation); var user = app.user("stopped")) {
            assertSuccess(user.awaitEnd(started.run()));
            assertEquals(pieces("s") + "done s", user.said(started.run()));
        }
    }

    private static byte[] usage() {
        var csv = new StringBuilder("timestamp,model,prompt_tokens,completion_tokens\n");
        for (int i = 0; i < 200_000; i++) {
            csv.append("2026-10-01T").append(10 + i % 10).append(':').append(10 + i % 50).append(":00Z,gpt-4o,")
                    .append(50 + i % 7_001).append(',').append(1 + i % 901).append('\n');
        }
        return csv.toString().getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void theCostAdvisorReportsTheSameWhetherItIsKilledOrNot() throws Exception {
        InsulaClient.Started killed;
        InsulaClient.Started whole;
        Function<InsulaClient, InsulaClient.Started> ask;
        try (var app = PackagedApp.start(installation)) {
            var token = app.token("costs");
            var user = InsulaClient.follow(app.webSocket(), token);
            var file = Upload.of(app, token, "usage.csv", usage());
            ask = client -> client.start(Runs.with(
                    client.run("cost-advisor", "What should I change?", "costs"), "attachments", file));
            killed = ask.apply(user);
            user.awaitEvent("the log is measured", event -> event.type().equals("TOOL_CALL_START")
                    && event.text("toolCallName").equals("measure-usage"));
            app.kill();
        }
        try (var app = PackagedApp.start(installation); var user = app.user("costs")) {
            assertSuccess(user.awaitEnd(killed.run()));
            whole = ask.apply(user);
            assertSuccess(user.awaitEnd(whole.run()));
            assertTrue(count(user, killed.run(), "SUBAGENT_ERROR") > 0, "it was killed too late");
            assertEquals(report(user, whole.run()), report(user, killed.run()));
        }
    }

    private static String report(InsulaClient user, String run) {
        return user.events(run).stream().filter(event -> event.type().equals("TEXT_MESSAGE_CONTENT"))
                .map(event -> event.text("delta")).collect(Collectors.joining());
    }
}
