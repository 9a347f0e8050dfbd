package io.insula.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The recording of a connection notes what no server may send. */
class RecordingTest {
    private static final String WELCOME = "{\"type\":\"welcome\"}";
    private static final String SUBSCRIBED =
            "{\"type\":\"result\",\"id\":\"s\",\"from\":{\"epoch\":\"e\",\"sequence\":4}}";

    private final Recording recording = new Recording();

    private static String events(String epoch, String... events) {
        return "{\"type\":\"events\",\"epoch\":\"" + epoch + "\",\"events\":[" + String.join(",", events) + "]}";
    }

    private static String accepted(int sequence) {
        return "{\"sequence\":" + sequence
                + ",\"thread\":\"t\",\"run\":\"r\",\"event\":{\"type\":\"CUSTOM\",\"timestamp\":1,"
                + "\"name\":\"insula.run.accepted\",\"value\":{\"agent\":\"a\",\"input\":\"\",\"attachments\":[],"
                + "\"messageId\":\"m\"}}}";
    }

    private void subscribed() {
        recording.receive(WELCOME);
        recording.expectSubscription("s");
        recording.receive(SUBSCRIBED);
    }

    private void assertViolation(String expected) {
        assertTrue(recording.violations().stream().anyMatch(violation -> violation.contains(expected)),
                () -> expected + " in " + recording.violations());
    }

    @Test
    void passesWhatTheProtocolAllows() {
        subscribed();
        recording.receive(events("e", accepted(5)));
        recording.receive("{\"type\":\"pong\",\"id\":\"p\"}");
        recording.receive("{\"type\":\"notice\",\"code\":\"subscription-ended\"}");
        recording.receive("{\"type\":\"refused\",\"code\":\"message-invalid\"}");

        assertEquals(List.of(), recording.violations());
        assertEquals("{\"epoch\":\"e\",\"sequence\":5}", recording.position().toString());
        assertEquals("message-invalid", recording.awaitRefusal().path("code").asString());
    }

    @Test
    void notesWhatComesBeforeTheWelcomeAndASecondWelcome() {
        recording.receive("{\"type\":\"pong\",\"id\":\"p\"}");
        recording.receive(WELCOME);

        assertViolation("before the welcome");
        assertViolation("the welcome is frame 2");
    }

    @Test
    void notesEventsThatNobodySubscribedTo() {
        recording.receive(WELCOME);
        recording.receive(events("e", accepted(1)));

        assertViolation("before the subscription");
    }

    @Test
    void notesEventsOfAnotherEpochAndNone() {
        subscribed();
        recording.receive(events("other", accepted(5)));
        recording.receive(events("e"));

        assertViolation("the epoch other");
        assertViolation("no events");
    }

    @Test
    void notesAHoleBehindThePositionSubscribedTo() {
        subscribed();
        recording.receive(events("e", accepted(6)));

        assertViolation("a hole");
    }

    @Test
    void notesASecondReplyAReplyToNothingAndAnUnknownFrame() {
        subscribed();
        recording.receive(SUBSCRIBED);
        recording.receive("{\"type\":\"pong\"}");
        recording.receive("{\"type\":\"surprise\"}");
        recording.receive("{\"type\":\"notice\"}");

        assertViolation("a second reply to s");
        assertViolation("a reply to nothing");
        assertViolation("unknown frame");
        assertViolation("a notice of nothing");
    }

    @Test
    void waitingEndsWithWhatWasSeenInstead() {
        recording.receive(WELCOME);

        var failure = assertThrows(AssertionError.class,
                () -> recording.awaitCount(Duration.ofMillis(20), 1, "events", event -> true));

        assertTrue(failure.getMessage().contains("waited") && failure.getMessage().contains("welcome"),
                failure::getMessage);
    }
}
