package io.insula.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

/** The ledger of a user notes what must not reach that user. */
class UserLedgerTest {
    private final UserLedger ledger = new UserLedger("torture-0-12", () -> {});

    private static String frame(String epoch, int sequence, String said) {
        return "{\"type\":\"events\",\"epoch\":\"" + epoch + "\",\"events\":[{\"sequence\":" + sequence
                + ",\"thread\":\"t\",\"run\":\"r\",\"event\":{\"type\":\"TEXT_MESSAGE_CONTENT\",\"delta\":\"" + said
                + "\"}}]}";
    }

    /** As a connection hands it on. */
    private void receive(String frame) {
        ledger.look(frame);
        ledger.receive(FrailConnection.JSON.readTree(frame));
    }

    private static ObjectNode request(String id) {
        return FrailConnection.JSON.createObjectNode().put("type", "run.start").put("request", id);
    }

    private static ObjectNode reply(String type) {
        return FrailConnection.JSON.createObjectNode().put("type", type);
    }

    private void assertFound(String expected) {
        assertTrue(ledger.findings().stream().anyMatch(finding -> finding.contains(expected)),
                () -> expected + " in " + ledger.findings());
    }

    @Test
    void passesWhatIsTheUsersOwnAndCountsIt() {
        receive("{\"type\":\"welcome\"}");
        receive(frame("e", 1, "[a" + OwnerMarks.of("torture-0-12") + "#0][a" + OwnerMarks.of("torture-0-12") + "#1]"));
        receive(frame("e", 2, "nobody's"));

        assertEquals(List.of(), ledger.findings());
        assertEquals(2, ledger.ownMarks());
        assertEquals(2, ledger.seen());
    }

    @Test
    void notesAFrameThatHoldsSomethingOfAnotherUser() {
        receive(frame("e", 1, "said" + OwnerMarks.of("torture-0-3")));

        assertFound("of torture-0-3: ");
    }

    @Test
    void knowsUsersWhoseNamesBeginAlike() {
        ledger.look("\"a" + OwnerMarks.of("torture-0-1") + "\"");
        ledger.look("\"a" + OwnerMarks.of("torture-0-123") + "\"");

        assertFound("of torture-0-1: ");
        assertFound("of torture-0-123: ");
        assertEquals(0, ledger.ownMarks());
    }

    @Test
    void notesSomethingOfAnotherUserInAReplyAndBesideSomethingOfItsOwn() {
        ledger.look("{\"type\":\"refused\",\"id\":\"f1\",\"message\":\"" + OwnerMarks.of("torture-0-12") + ' '
                + OwnerMarks.of("torture-1-12") + "\"}");

        assertFound("of torture-1-12: ");
        assertEquals(1, ledger.ownMarks());
    }

    @Test
    void notesAHoleAnEventThatComesAgainAndAnotherEpoch() {
        receive(frame("e", 1, "first"));
        receive(frame("e", 3, "third"));
        receive(frame("e", 1, "first"));
        receive(frame("other", 2, "second"));

        assertFound("#3 follows #1");
        assertFound("#1 follows #1");
        assertFound("the epoch was");
    }

    @Test
    void notesAnotherReceiptOfOneRequest() {
        ledger.ask(request("one"));
        ledger.settle(request("one"), reply("accepted").put("run", "r1"));
        ledger.settle(request("one"), reply("accepted").put("run", "r1"));
        assertEquals(List.of(), ledger.findings());

        ledger.settle(request("one"), reply("accepted").put("run", "r2"));
        ledger.settle(request("one"), reply("refused").put("code", "agent-unknown"));

        assertEquals(2, ledger.findings().size(), () -> ledger.findings().toString());
        assertEquals(Set.of(), ledger.refusals());
    }

    @Test
    void remembersWithWhichCodesItWasRefused() {
        ledger.ask(request("one"));
        ledger.settle(request("one"), reply("refused").put("code", "agent-unknown"));

        assertEquals(Set.of("agent-unknown"), ledger.refusals());
        assertEquals(List.of(), ledger.findings());
        assertTrue(ledger.isAllOver());
    }
}
