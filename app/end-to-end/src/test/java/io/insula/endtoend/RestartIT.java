package io.insula.endtoend;

import static io.insula.endtoend.Runs.assertEndedOnce;
import static io.insula.endtoend.Runs.assertSuccess;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.ObjectNode;

/** What becomes of a user's affairs when the process is killed, or stopped, and started again. */
class RestartIT {
    @TempDir
    private Path folder;

    private Installation installation;

    @BeforeEach
    void install() throws Exception {
        installation = Installation.withScenarios(folder);
    }

    private static void kill(PackagedApp app) throws Exception {
        app.signal("KILL");
        app.awaitExit();
    }

    private static List<String> written(List<ReceivedEvent> events) {
        return events.stream().map(event -> event.sequence() + " " + event.event()).toList();
    }

    private static long startOf(InsulaClient user, String run) {
        return user.awaitEvent(run, "RUN_STARTED").sequence();
    }

    @Test
    void runsThatWereAcceptedAndHadNotStartedRunInTheirOrder() throws Exception {
        var waiters = new ArrayList<InsulaClient.Started>();
        var queued = new ArrayList<InsulaClient.Started>();
        List<ReceivedEvent> seen;
        try (var app = PackagedApp.start(installation)) {
            var user = app.user("queued");
            for (int i = 0; i < 3; i++) {
                waiters.add(user.start("wait-for-stop", "", "busy-" + i));
                user.awaitText(waiters.get(i).run(), "waiting");
            }
            for (int i = 0; i < 6; i++) {
                queued.add(user.start("echo", "marker=q" + i + " count=20", i < 4 ? "queue" : "busy-" + i % 3));
            }
            kill(app);
            seen = user.events();
        }

        try (var app = PackagedApp.start(installation); var user = app.user("queued")) {
            for (var waiter : waiters) {
                assertEquals("interrupted", Runs.error(user, waiter.run()));
                assertEndedOnce(user, waiter.run(), "failed");
            }
            for (var each : queued) {
                assertSuccess(user.awaitEnd(each.run()));
                assertEndedOnce(user, each.run(), "completed");
            }
            for (int i = 1; i < 4; i++) {
                assertTrue(user.awaitEnd(queued.get(i - 1).run()).sequence() < startOf(user, queued.get(i).run()));
                assertTrue(user.said(queued.get(i).run()).endsWith("[q" + i + "#19]"));
            }
            assertEquals(written(seen), written(user.events().subList(0, seen.size())));
        }
    }

    @Test
    void aQuestionOfAnAgentThatCannotResumeIsWithdrawn() throws Exception {
        ObjectNode answer;
        InsulaClient.Started asked;
        try (var app = PackagedApp.start(installation)) {
            var user = app.user("asked");
            asked = user.start("asker", "kind=text", "t");
            answer = user.answer(asked.run(), user.awaitQuestion(asked.run())).put("answer", "too late");
            kill(app);
        }

        try (var app = PackagedApp.start(installation); var user = app.user("asked")) {
            assertEquals("interrupted", Runs.error(user, asked.run()));
            var withdrawn = user.awaitEvent("the withdrawal", event -> event.isCustom("insula.answer"));
            assertTrue(withdrawn.value().path("withdrawn").asBoolean(), withdrawn::toString);
            assertEquals("question-unknown", user.refused(answer.put("id", "late")));
            assertEndedOnce(user, asked.run(), "failed");
            Runs.assertNextInputWorks(user, "t");
        }
    }

    @Test
    void aStopKeepsThreadsFilesRequestsAndPositions() throws Exception {
        byte[] content = "a,b\n1,2\n".getBytes(StandardCharsets.UTF_8);
        ObjectNode position;
        ObjectNode request;
        InsulaClient.Started first;
        String file;
        try (var app = PackagedApp.start(installation)) {
            var token = app.token("kept");
            var user = InsulaClient.follow(app.webSocket(), token);
            file = Upload.of(app, token, "kept.csv", content);
            request = user.run("hello", "first", "t");
            first = user.start(request);
            assertSuccess(user.awaitEnd(first.run()));
            user.succeed(user.message("thread.rename").put("thread", "t").put("title", "A title that stays"));
            position = user.position();
            app.signal("TERM");
            app.awaitExit();
        }

        try (var app = PackagedApp.start(installation);
                var user = InsulaClient.connect(app.webSocket(), app.token("kept"))) {
            assertEquals(position.toString(), user.subscribe(position).path("from").toString());
            assertEquals(first.run(), user.succeed(request.deepCopy().put("id", "again")).path("run").asString());
            var thread = Runs.only(user.succeed(user.message("threads.list")).path("threads"));
            assertEquals("A title that stays", thread.path("title").asString());
            var started = user.start(Runs.with(user.run("asker", "kind=files", "t"), "attachments", file));
            user.succeed(Runs.with(user.answer(started.run(), user.awaitQuestion(started.run())), "attachments", file));
            assertSuccess(user.awaitEnd(started.run()));
            int sum = 0;
            for (byte b : content) {
                sum += b;
            }
            assertEquals("files: kept.csv/" + content.length + "/" + sum, user.said(started.run()));
            assertEquals(position.path("sequence").asLong() + 1, user.events().getFirst().sequence());
        }
    }
}
