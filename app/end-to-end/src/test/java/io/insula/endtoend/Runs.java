package io.insula.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What most tests ask of runs. */
final class Runs {
    private Runs() {}

    static void assertSuccess(ReceivedEvent end) {
        assertEquals("RUN_FINISHED", end.type(), () -> end.event().toString());
        assertEquals("success", end.event().path("outcome").path("type").asString());
    }

    static void assertCancelled(ReceivedEvent end) {
        assertEquals("RUN_FINISHED", end.type(), () -> end.event().toString());
        assertEquals("cancelled", end.event().path("outcome").path("type").asString());
    }

    /** The run has ended exactly once, and its state says so too. */
    static void assertEndedOnce(InsulaClient user, String run, String state) {
        assertEquals(1, user.events(run).stream().filter(ReceivedEvent::isTerminal).count());
        assertEquals(state, user.read(run).path("state").asString());
    }

    /** The thread goes on as if nothing had been: the next input is answered. */
    static void assertNextInputWorks(InsulaClient user, String thread) {
        var next = user.start("echo", "marker=next count=2", thread);
        assertSuccess(user.awaitEnd(next.run()));
        assertEquals("[next#0][next#1]", user.said(next.run()));
    }

    static String error(InsulaClient user, String run) {
        var end = user.awaitEnd(run);
        assertEquals("RUN_ERROR", end.type(), () -> end.event().toString());
        return end.text("code");
    }

    static ObjectNode with(ObjectNode message, String member, String... values) {
        ArrayNode array = message.putArray(member);
        for (String value : values) {
            array.add(value);
        }
        return message;
    }

    static JsonNode only(JsonNode array) {
        assertTrue(array.isArray() && array.size() == 1, () -> "one was expected: " + array);
        return array.get(0);
    }
}
