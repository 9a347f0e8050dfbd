package io.insula.endtoend;

import static io.insula.endtoend.Runs.assertSuccess;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.function.BiFunction;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** An id of somebody else gets, in every operation and to the letter, the answer of one that never was. */
@ExtendWith(SharedApp.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ForeignIdsIT {
    private static final int TIMED = 400;

    private final PackagedApp app;
    private ForeignOwner owner;
    private InsulaClient other;

    ForeignIdsIT(PackagedApp app) {
        this.app = app;
    }

    @BeforeAll
    void twoUsers() throws Exception {
        owner = new ForeignOwner(app, "foreign-owner");
        other = app.user("foreign-other");
    }

    @AfterAll
    void nothingHasChanged() {
        owner.assertUntouched();
        owner.close();
        other.close();
        for (var frame : other.frames()) {
            assertFalse(frame.contains("private-words") || frame.contains("private.csv"), frame);
        }
    }

    /** Sends the same message with the foreign id and with one that never was, and wants the same reply. */
    private void assertAsUnknown(String code, String foreign, BiFunction<InsulaClient, String, ObjectNode> message) {
        String never = ForeignOwner.never(foreign);
        var toForeign = other.call(message.apply(other, foreign));
        var toNever = other.call(message.apply(other, never));

        assertEquals("refused", toForeign.path("type").asString(), toForeign::toString);
        assertEquals(code, toForeign.path("code").asString());
        assertEquals(withoutId(toNever, never), withoutId(toForeign, foreign));
    }

    private static String withoutId(JsonNode reply, String id) {
        return ((ObjectNode) reply.deepCopy()).put("id", "").toString().replace(id, "ID");
    }

    @Test
    @Tag("W61")
    void cancel() {
        assertAsUnknown("run-unknown", owner.waiting.run(),
                (client, id) -> client.message("run.cancel").put("run", id));
    }

    @Test
    void readRun() {
        assertAsUnknown("run-unknown", owner.done.run(), (client, id) -> client.message("run.read").put("run", id));
    }

    @Test
    void answerARun() {
        assertAsUnknown("run-unknown", owner.waiting.run(),
                (client, id) -> client.answer(id, owner.question).put("answer", "theirs"));
    }

    @Test
    void answerAQuestionInARunOfMine() {
        var mine = other.start("asker", "kind=text");
        other.awaitQuestion(mine.run());

        assertAsUnknown("question-unknown", owner.question,
                (client, id) -> client.answer(mine.run(), id).put("answer", "theirs"));

        other.cancel(mine.run());
    }

    @Test
    void readThread() {
        assertAsUnknown("thread-unknown", owner.done.thread(),
                (client, id) -> client.message("thread.read").put("thread", id));
    }

    @Test
    void renameThread() {
        assertAsUnknown("thread-unknown", owner.done.thread(),
                (client, id) -> client.message("thread.rename").put("thread", id).put("title", "theirs"));
    }

    @Test
    void deleteThread() {
        assertAsUnknown("thread-unknown", owner.done.thread(),
                (client, id) -> client.message("thread.delete").put("thread", id));
    }

    @Test
    void forkThread() {
        assertAsUnknown("thread-unknown", owner.done.thread(),
                (client, id) -> client.message("thread.fork").put("thread", id).put("message", owner.firstMessage()));
    }

    @Test
    void forkMyThreadAtAMessage() {
        other.awaitEnd(other.start("echo", "marker=mine", "mine").run());
        assertAsUnknown("message-unknown", owner.firstMessage(),
                (client, id) -> client.message("thread.fork").put("thread", "mine").put("message", id));
    }

    /** In turns, so that whatever else the machine does befalls both. */
    @Test
    void aForeignIdTakesNoLongerAndNoLessThanOneThatNeverWas() {
        String foreign = owner.done.run();
        String never = ForeignOwner.never(foreign);
        var toForeign = new long[TIMED];
        var toNever = new long[TIMED];
        for (int i = 0; i < TIMED; i++) {
            boolean foreignFirst = i % 2 == 0;
            long first = timeOfRead(foreignFirst ? foreign : never);
            long second = timeOfRead(foreignFirst ? never : foreign);
            toForeign[i] = foreignFirst ? first : second;
            toNever[i] = foreignFirst ? second : first;
        }
        Arrays.sort(toForeign);
        Arrays.sort(toNever);
        long noise = toNever[TIMED * 3 / 4] - toNever[TIMED / 4];
        long difference = Math.abs(toForeign[TIMED / 2] - toNever[TIMED / 2]);
        System.out.printf("median time of a foreign id %d us, of one that never was %d us, noise %d us%n",
                toForeign[TIMED / 2] / 1_000, toNever[TIMED / 2] / 1_000, noise / 1_000);
        assertTrue(difference <= noise, difference + " ns apart, noise is " + noise);
    }

    private long timeOfRead(String run) {
        var message = other.message("run.read").put("run", run);
        long begun = System.nanoTime();
        other.refused(message);
        return System.nanoTime() - begun;
    }

    @Test
    void attachments() {
        assertAsUnknown("attachment-unknown", owner.attachment,
                (client, id) -> Runs.with(client.run("echo", "marker=x", "t"), "attachments", id));
        var mine = other.start("asker", "kind=files");
        var asked = other.awaitQuestion(mine.run());
        assertAsUnknown("attachment-unknown", owner.attachment,
                (client, id) -> Runs.with(client.answer(mine.run(), asked), "attachments", id));
        other.cancel(mine.run());
    }

    @Test
    @Tag("W57")
    void position() {
        var epoch = owner.epoch();
        try (var client = InsulaClient.connect(app.webSocket(), app.token("foreign-position"))) {
            var toForeign = client.call(subscribe(client, epoch));
            var toNever = client.call(subscribe(client, "0".repeat(epoch.length())));

            assertEquals("epoch-unknown", toForeign.path("code").asString());
            assertEquals(withoutId(toNever, "0".repeat(epoch.length())), withoutId(toForeign, epoch));
            assertTrue(toForeign.path("resumeFrom").isObject(), toForeign::toString);
        }
    }

    private static ObjectNode subscribe(InsulaClient client, String epoch) {
        var message = client.message("subscribe");
        message.putObject("after").put("epoch", epoch).put("sequence", 1);
        return message;
    }

    @Test
    void pages() {
        for (String type : new String[]{"threads.list", "runs.list"}) {
            owner.client.start("echo", "marker=more");
            var next = owner.client.succeed(owner.client.message(type).put("size", 1)).path("next").asString("");
            assertFalse(next.isEmpty(), "a page of one has a next one");

            var reply = other.call(other.message(type).put("after", next).put("size", 200));

            assertFalse(reply.toString().contains(owner.done.thread()), reply::toString);
            assertFalse(reply.toString().contains(owner.waiting.run()), reply::toString);
        }
    }

    @Test
    void aThreadARunAndARequestOfTheSameIdsAreMyOwn() {
        try (var namesake = app.user("foreign-namesake")) {
            var message = namesake.run("remember", "what-is-here", owner.done.thread()).put("run", owner.done.run())
                    .put("request",
                            owner.done.request());

            var mine = namesake.start(message);

            assertEquals(owner.done.run(), mine.run());
            assertSuccess(namesake.awaitEnd(mine.run()));
            assertEquals("visit 1", namesake.said(mine.run()));
            assertEquals(2, namesake.succeed(namesake.message("thread.read").put("thread", owner.done.thread()))
                    .path("messages").size());
            namesake.succeed(namesake.message("thread.delete").put("thread", owner.done.thread()));
            assertEquals(2,
                    owner.client.succeed(owner.client.message("thread.read").put("thread", owner.done.thread()))
                            .path("messages").size());
            assertEquals("[private-words#0]", owner.client.said(owner.done.run()));
        }
    }
}
