package io.insula.endtoend;

import static io.insula.endtoend.Runs.assertNextInputWorks;
import static io.insula.endtoend.Runs.assertSuccess;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a user sees of an agent at work, and keeps of it. */
@ExtendWith(SharedApp.class)
class ConversationIT {
    private final PackagedApp app;

    ConversationIT(PackagedApp app) {
        this.app = app;
    }

    @Test
    void everythingThatAnAgentShowsArrives() {
        try (var user = app.user("show")) {
            var started = user.start("steps", "");

            assertSuccess(user.awaitEnd(started.run()));

            var types = new HashSet<String>();
            user.events(started.run())
                    .forEach(event -> types.add(event.type().equals("CUSTOM") ? event.text("name") : event.type()));
            assertEquals(Set.of("insula.run.accepted", "RUN_STARTED", "REASONING_START", "REASONING_MESSAGE_START",
                    "REASONING_MESSAGE_CONTENT", "REASONING_MESSAGE_END", "REASONING_END", "STEP_STARTED",
                    "STEP_FINISHED",
                    "insula.progress", "TEXT_MESSAGE_START", "TEXT_MESSAGE_CONTENT", "TEXT_MESSAGE_END",
                    "TOOL_CALL_START",
                    "TOOL_CALL_ARGS", "TOOL_CALL_END", "TOOL_CALL_RESULT", "SUBAGENT_STARTED", "SUBAGENT_FINISHED",
                    "RUN_FINISHED"),
                    types);
        }
    }

    @Test
    void longAnswersArriveWhole() {
        try (var user = app.user("long")) {
            var started = user.start("echo", "marker=word count=20000");

            assertSuccess(user.awaitEnd(started.run()));

            var expected = new StringBuilder();
            for (int i = 0; i < 20_000; i++) {
                expected.append("[word#").append(i).append(']');
            }
            assertEquals(expected.toString(), user.said(started.run()));
        }
    }

    @Test
    void anAgentRemembersItsUserAndTheConversation() {
        try (var user = app.user("remember"); var other = app.user("remember-not")) {
            var first = user.start("remember", "one", "t");
            assertSuccess(user.awaitEnd(first.run()));
            var second = user.start("remember", "two", "t");
            assertSuccess(user.awaitEnd(second.run()));
            var elsewhere = user.start("remember", "three", "other thread".replace(' ', '-'));
            assertSuccess(user.awaitEnd(elsewhere.run()));
            var foreign = other.start("remember", "one", "t");
            assertSuccess(other.awaitEnd(foreign.run()));

            assertEquals("visit 1", user.said(first.run()));
            assertEquals("visit 2|USER:one|ASSISTANT:visit 1", user.said(second.run()));
            assertEquals("visit 3", user.said(elsewhere.run()));
            assertEquals("visit 1", other.said(foreign.run()));
        }
    }

    @Test
    void threadsAreListedReadRenamedAndDeleted() {
        try (var user = app.user("threads")) {
            for (String thread : new String[]{"a", "b", "c"}) {
                assertSuccess(user.awaitEnd(user.start("echo", "marker=" + thread, thread).run()));
            }

            var page = user.succeed(user.message("threads.list").put("size", 2));
            var rest = user
                    .succeed(user.message("threads.list").put("size", 2).put("after", page.path("next").asString()));
            assertEquals("[\"c\",\"b\",\"a\"]",
                    InsulaClient.JSON.createArrayNode().add(page.path("threads").path(0).path("thread"))
                            .add(page.path("threads").path(1).path("thread"))
                            .add(Runs.only(rest.path("threads")).path("thread")).toString());
            assertTrue(rest.path("next").isMissingNode(), rest::toString);

            var renamed = user.succeed(user.message("thread.rename").put("thread", "b").put("title", "Über b"))
                    .path("thread");
            assertEquals("Über b", renamed.path("title").asString());
            var messages = user.succeed(user.message("thread.read").put("thread", "b")).path("messages");
            assertEquals("user marker=b",
                    messages.path(0).path("role").asString() + " " + messages.path(0).path("text").asString());
            assertEquals("assistant [b#0]",
                    messages.path(1).path("role").asString() + " " + messages.path(1).path("text").asString());

            assertEquals("b", user.succeed(user.message("thread.delete").put("thread", "b")).path("thread").asString());
            assertEquals("thread-unknown", user.refused(user.message("thread.read").put("thread", "b")));
            assertEquals(2, user.succeed(user.message("threads.list")).path("threads").size());
            assertEquals(3, user.succeed(user.message("runs.list")).path("runs").size());
        }
    }

    @Test
    void aThreadAtWorkIsNotDeleted() {
        try (var user = app.user("threads-busy")) {
            var started = user.start("wait-for-stop", "", "t");
            user.awaitText(started.run(), "waiting");

            assertEquals("thread-busy", user.refused(user.message("thread.delete").put("thread", "t")));

            user.cancel(started.run());
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
            "message-invalid    | no json",
            "message-invalid    | [1]",
            "message-type-unknown | {\"type\":\"run.steal\",\"id\":\"x\"}",
            "field-invalid      | {\"type\":\"run.read\",\"id\":\"x\"}",
            "field-invalid      | {\"type\":\"run.read\",\"id\":\"x\",\"run\":7}",
            "field-invalid      | {\"type\":\"run.read\",\"id\":\"x\",\"run\":\"../up\"}",
            "field-invalid      | {\"type\":\"run.read\",\"id\":\"x\",\"run\":\"r\",\"user\":\"somebody\"}",
            "field-invalid      | {\"type\":\"run.start\",\"id\":\"x\",\"request\":\"no uuid\",\"agent\":\"echo\",\"input\":\"\"}",
    })
    void whatIsNotUnderstoodIsRefusedAndTheConnectionGoesOn(String code, String text) {
        try (var user = app.user("bad-input")) {
            user.send(text);
            var refusal = user.awaitRefusal();

            assertEquals(code, refusal.path("code").asString());
            assertTrue(refusal.path("number").isIntegralNumber() && refusal.path("message").isString(),
                    refusal::toString);
            assertNextInputWorks(user, "t");
        }
    }

    @Test
    void theWelcomeSaysWhoWhatAndHowMuch() {
        try (var user = app.user("welcome")) {
            var welcome = user.welcome();

            assertEquals("{\"issuer\":\"insula\",\"subject\":\"welcome\"}", welcome.path("user").toString());
            var names = new HashSet<String>();
            welcome.path("agents").forEach(agent -> names.add(agent.path("name").asString()));
            assertTrue(names.containsAll(Set.of("hello", "cost-advisor", "echo")), names::toString);
            for (String limit : new String[]{"messageBytes", "inputBytes", "attachmentBytes", "attachmentsBytes",
                    "runsAtOnce",
                    "queuedRuns", "messagesPerMinute"}) {
                assertTrue(welcome.path("limits").path(limit).isIntegralNumber(), limit);
            }
            assertEquals("pong", user.call(user.message("ping")).path("type").asString());
        }
    }
}
