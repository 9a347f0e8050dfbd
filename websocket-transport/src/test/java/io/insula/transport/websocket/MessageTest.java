package io.insula.transport.websocket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.insula.engine.api.Receipt;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class MessageTest {
    private static final String UUID = "11111111-2222-3333-4444-555555555555";

    private RunningTransport running;
    private RecordedUser ada;
    private RawClient client;

    @BeforeEach
    void start() throws IOException {
        running = new RunningTransport();
        ada = running.directory.user("ada");
        client = running.connect("ada");
    }

    @AfterEach
    void stop() throws IOException {
        client.close();
        running.awaitEmpty();
        running.close();
    }

    @Test
    void everyKindOfMessageHasItsReply() throws IOException {
        String accepted = "{\"type\":\"accepted\",\"id\":\"1\",\"run\":\"r1\",\"thread\":\"t1\","
                + "\"position\":{\"epoch\":\"epoch-1\",\"sequence\":1}}";
        assertEquals(accepted, ask("run.start", "\"request\":\"" + UUID + "\",\"input\":\"hi\""));
        assertEquals(
                accepted.replace("sequence\":1", "sequence\":2"),
                ask("run.answer", "\"request\":\"" + UUID + "\",\"run\":\"r1\",\"question\":\"q\",\"answer\":true"));
        String run = "{\"run\":\"r1\",\"thread\":\"t1\",\"agent\":\"hello\",\"state\":\"waiting-for-answer\","
                + "\"acceptedAt\":\"1970-01-01T00:00:00Z\",\"questions\":[]}";
        assertEquals(result("\"run\":" + run), ask("run.cancel", "\"run\":\"r1\""));
        assertEquals(result("\"run\":" + run), ask("run.read", "\"run\":\"r1\""));
        assertEquals(result("\"runs\":[" + run + "]"), ask("runs.list", "\"size\":200"));
        assertEquals(
                result("\"position\":{\"epoch\":\"epoch-1\",\"sequence\":0},\"threads\":[],\"runs\":[" + run + "]"),
                ask("snapshot", ""));
        assertEquals(result("\"threads\":[],\"next\":\"next-page\""), ask("threads.list", "\"after\":\"x\""));
        assertEquals(
                result("\"messages\":[{\"id\":\"m0\",\"run\":\"r1\",\"role\":\"user\",\"agent\":\"hello\","
                        + "\"text\":\"xxxxxxxxxx\",\"attachments\":[],\"at\":\"1970-01-01T00:00:00Z\"}]"),
                ask("thread.read", "\"thread\":\"t1\",\"size\":1"));
        assertEquals(
                result("\"thread\":{\"thread\":\"t1\",\"title\":\"T\",\"agent\":\"hello\","
                        + "\"createdAt\":\"1970-01-01T00:00:00Z\",\"updatedAt\":\"1970-01-01T00:00:00Z\","
                        + "\"busy\":false}"),
                ask("thread.rename", "\"thread\":\"t1\",\"title\":\"T\""));
        assertEquals(result("\"thread\":\"t1\""), ask("thread.delete", "\"thread\":\"t1\""));
        for (String chosen : List.of("", ",\"newThread\":\"t2\"")) {
            assertEquals(
                    result("\"thread\":{\"thread\":\"" + (chosen.isEmpty() ? "made" : "t2")
                            + "\",\"title\":\"title\",\"agent\":\"hello\","
                            + "\"createdAt\":\"1970-01-01T00:00:00Z\",\"updatedAt\":\"1970-01-01T00:00:00Z\","
                            + "\"busy\":false}"),
                    ask("thread.fork", "\"thread\":\"t1\",\"message\":\"m1\"" + chosen));
        }
        assertEquals(result("\"from\":{\"epoch\":\"epoch-1\",\"sequence\":0}"), ask("subscribe", "\"after\":\"now\""));
        assertEquals("{\"type\":\"pong\",\"id\":\"1\"}", ask("ping", ""));
    }

    @Test
    void theKindOfAnAnswerFollowsItsForm() throws IOException {
        String start = "\"request\":\"" + UUID + "\",\"run\":\"r1\",\"question\":\"q\",";
        ask("run.answer", start + "\"answer\":false");
        ask("run.answer", start + "\"answer\":\"blue\"");
        ask("run.answer", start + "\"attachments\":[\"a1\"]");
        assertEquals(
                List.of(
                        "answer Approval[approved=false]",
                        "answer Words[text=blue]",
                        "answer Files[attachments=[a1]]"),
                ada.calls);
        refused("field-invalid", ask("run.answer", start + "\"answer\":1"));
        refused("field-invalid", ask("run.answer", start + "\"attachments\":[]"));
        refused("field-invalid", ask("run.answer", start + "\"answer\":\"x\",\"attachments\":[\"a1\"]"));
    }

    @Test
    @Tag("W48")
    @Tag("W49")
    @Tag("W50")
    @Tag("W51")
    void whatIsNoMessageIsRefusedAndTheConnectionGoesOn() throws IOException {
        for (String text : List.of(
                "", "hello", "{", "[]", "\"x\"", "1", "null", "{\"type\":\"ping\",\"id\":\"1\"} {}", "{'id':1}",
                "{\"id\":\"1\",\"id\":\"2\",\"type\":\"ping\"}", "{\"id\":\"1\",\"type\":\"ping\",}",
                "{\"type\":\"ping\",\"x\":NaN,\"id\":\"1\"}", "{\"x\":{\"a\":1,\"a\":2},\"id\":\"1\"}",
                "{\"x\":" + "[".repeat(10_000) + "}", "{\"x\":" + "9".repeat(100) + "}")) {
            client.text(text);
            refused("message-invalid", client.readText());
        }
        assertEquals("{\"type\":\"pong\",\"id\":\"1\"}", ask("ping", ""));
    }

    @Test
    @Tag("W51")
    @Tag("W53")
    @Tag("W58")
    @Tag("W59")
    void whatHasAWrongFormIsRefusedWithItsId() throws IOException {
        for (String members : List.of(
                "\"input\":\"x\"", "\"request\":\"1-1-1-1-1\",\"input\":\"x\"", "\"request\":5,\"input\":\"x\"",
                good("\"thread\":\"\""), good("\"thread\":null"), good("\"thread\":\"a/b\""),
                good("\"run\":\"" + "x".repeat(129) + "\""), good("\"agent\":[]"), good("\"agent\":\"\""),
                good("\"attachments\":\"a\""), good("\"attachments\":[1]"), good("\"attachments\":[\"\"]"),
                good("\"attachments\":[" + "\"a\",".repeat(64) + "\"a\"]"), good("\"whenBusy\":\"ENQUEUE\""),
                good("\"user\":\"bob\""), good("\"@class\":\"java.net.URL\""), good("\"__proto__\":{}"),
                "\"request\":\"" + UUID + "\",\"input\":\"\\ud800\"", "\"request\":\"" + UUID + "\",\"input\":1e400")) {
            String reply = ask("run.start", members);
            refused("field-invalid", reply);
            assertTrue(reply.startsWith("{\"type\":\"refused\",\"id\":\"1\","), reply);
        }
        for (String size : List.of("0", "201", "1.5", "\"1\"", "1e400", "9223372036854775808", "-1", "true")) {
            refused("field-invalid", ask("runs.list", "\"size\":" + size));
        }
        for (String after : List.of("\"end\"", "{}", "{\"epoch\":\"e\"}", "{\"epoch\":\"e\",\"sequence\":-1}",
                "{\"epoch\":\"e\",\"sequence\":1.0}", "{\"epoch\":1,\"sequence\":1}",
                "{\"epoch\":\"e\",\"sequence\":1,\"user\":\"bob\"}", "1")) {
            refused("field-invalid", ask("subscribe", "\"after\":" + after));
        }
        assertEquals(List.of(), ada.calls);
    }

    @Test
    @Tag("W54")
    @Tag("W59")
    void anIdIsNeededAndComesBackAsFarAsItCanBeRead() throws IOException {
        client.text("{\"type\":\"ping\"}");
        assertFalse(refused("field-invalid", client.readText()).contains("\"id\":"));
        client.text("{\"type\":\"ping\",\"id\":7}");
        refused("field-invalid", client.readText());
        client.text("{\"type\":\"ping\",\"id\":\"" + "x".repeat(64) + "\"}");
        assertTrue(client.readText().startsWith("{\"type\":\"pong\""));
        client.text("{\"type\":\"ping\",\"id\":\"" + "x".repeat(65) + "\"}");
        refused("field-invalid", client.readText());
        client.text("{\"id\":\"a\\u0000\\n\\\"\",\"type\":broken");
        assertTrue(client.readText().contains("\"id\":\"a\\u0000\\n\\\"\""));
    }

    @Test
    @Tag("W52")
    void anUnknownTypeIsRefusedWithoutRepeatingWhatCouldBeASecret() throws IOException {
        String reply = refused("message-type-unknown", ask("run.pause", ""));
        assertTrue(reply.contains("run.pause") && reply.contains("run.start"), reply);
        String token = running.tokens.of("ada");
        assertFalse(ask(token, "").contains(token.substring(0, 40)));
        assertFalse(ask("run.read", "\"" + token.substring(0, 200) + "\":1").contains(token.substring(0, 40)));
    }

    @Test
    @Tag("W57")
    void whatTheEngineDoesNotKnowIsRefusedWithItsCode() throws IOException {
        refused("run-unknown", ask("run.read", "\"run\":\"r2\""));
        refused("thread-unknown", ask("thread.read", "\"thread\":\"t2\""));
        String reply = refused("epoch-unknown", ask("subscribe", "\"after\":{\"epoch\":\"x\",\"sequence\":0}"));
        assertTrue(reply.contains("\"resumeFrom\":{\"epoch\":\"epoch-1\",\"sequence\":0}"), reply);
        refused("position-future", ask("subscribe", "\"after\":{\"epoch\":\"epoch-1\",\"sequence\":99}"));
    }

    @Test
    @Tag("W63")
    void aConnectionHasOneSubscription() throws IOException {
        ask("subscribe", "\"after\":\"start\"");
        refused("already-subscribed", ask("subscribe", "\"after\":\"start\""));
        assertEquals(1, ada.subscriptions.get());
    }

    @Test
    void messagesReachTheEngineInTheOrderTheyCameAndRepliesFollowTheEngine() throws IOException {
        List<CompletableFuture<Receipt>> open = new ArrayList<>();
        ada.onSubmit = request -> {
            var stage = new CompletableFuture<Receipt>();
            open.add(stage);
            return stage;
        };
        for (int i = 0; i < 50; i++) {
            client.text("{\"type\":\"run.start\",\"id\":\"" + i + "\",\"request\":\"" + UUID + "\",\"input\":\"" + i
                    + "\"}");
        }
        Await.until("all have come", () -> ada.calls.size() == 50);
        for (int i = 0; i < 50; i++) {
            assertEquals("submit " + i, ada.calls.get(i));
        }
        var receipt = new Receipt(
                new io.insula.agent.RunId("r"),
                new io.insula.agent.ThreadId("t"),
                new io.insula.engine.api.Position("e", 1));
        open.get(7).complete(receipt);
        assertTrue(client.readText().startsWith("{\"type\":\"accepted\",\"id\":\"7\""));
        open.get(3).completeExceptionally(new IllegalStateException("secret words"));
        String reply = refused("internal", client.readText());
        assertTrue(reply.contains("\"id\":\"3\"") && !reply.contains("secret"), reply);
    }

    @Test
    @Tag("W47")
    void anEngineThatThrowsEndsTheConnectionWithoutItsWords() throws IOException {
        for (String message : List.of("", "x".repeat(10_000))) {
            ada.readFailure = Optional.of(new IllegalStateException(message));
            try (RawClient other = running.connect("ada")) {
                other.text("{\"type\":\"run.read\",\"id\":\"1\",\"run\":\"r1\"}");
                assertEquals("close 1011 internal error", other.readClose().orElseThrow().toString());
            }
        }
        assertEquals("{\"type\":\"pong\",\"id\":\"1\"}", ask("ping", ""));
    }

    @Test
    void aPageThatWouldFillTheOutboxHoldsFewerItems() throws IOException {
        ada.messageLength = 20_000;
        String reply = ask("thread.read", "\"thread\":\"t1\",\"size\":200");
        assertTrue(reply.length() <= 512 << 10, "length " + reply.length());
        assertEquals(List.of("messages 200", "messages 100", "messages 50", "messages 25"), ada.calls);
        ada.messageLength = 2 << 20;
        assertTrue(ask("thread.read", "\"thread\":\"t1\",\"size\":2").length() > 2 << 20);
    }

    @Test
    @Tag("W60")
    void beyondTheRateMessagesAreRefusedForAllConnectionsOfTheUser() throws IOException {
        // The two connections count too.
        var limits = new TransportLimits.Messages(512 << 10, 1_024, 60, 2 + 3, 5, 1_200);
        try (var other = new RunningTransport(RunningTransport.with(limits));
                RawClient first = other.connect("ada");
                RawClient second = other.connect("ada");
                RawClient bob = other.connect("bob")) {
            String snapshot = "{\"type\":\"snapshot\",\"id\":\"1\"}";
            for (int i = 0; i < 3; i++) {
                assertTrue((i == 0 ? first : second).text(snapshot).readTextIs("result"));
            }
            first.text(snapshot);
            String reply = refused("rate-limited", first.readText());
            assertTrue(reply.matches(".*\"retryAfterMillis\":\\d{1,4}.*"), reply);
            assertTrue(bob.text(snapshot).readTextIs("result"));
            assertTrue(first.text("{\"type\":\"ping\",\"id\":\"1\"}").readTextIs("pong"));
            for (int i = 0; i < 5; i++) {
                second.text("nonsense");
            }
            assertEquals("close 1008 policy", second.readClose().orElseThrow().toString());
        }
    }

    @Test
    @Tag("W60")
    void whoeverFloodsIsClosedForPolicyLongBeforeTheMillionthMessage() throws IOException {
        int most = 1_000_000;
        var limits = new TransportLimits.Messages(512 << 10, 1_024, 60, 30, 100, 1_200);
        try (var other = new RunningTransport(RunningTransport.with(limits));
                RawClient flooding = other.connect("ada");
                RawClient bob = other.connect("bob")) {
            int sent = 0;
            try {
                while (sent < most) {
                    flooding.text("{\"type\":\"snapshot\",\"id\":\"1\"}");
                    sent++;
                }
            } catch (IOException e) {
                // Closed under it.
                assertTrue(sent > 100, "after " + sent);
            }
            assertTrue(sent < most, "all were taken");
            flooding.readClose().ifPresent(close -> assertEquals("close 1008 policy", close.toString()));
            assertTrue(other.directory.user("ada").calls.size() <= 30);
            assertTrue(bob.text("{\"type\":\"snapshot\",\"id\":\"1\"}").readTextIs("result"));
        }
    }

    @Test
    @Tag("W55")
    void anIdOnlyTellsRepliesApartAndMayComeAgain() throws IOException {
        assertTrue(ask("run.read", "\"run\":\"r1\"").startsWith("{\"type\":\"result\",\"id\":\"1\""));
        assertTrue(ask("thread.delete", "\"thread\":\"t1\"").startsWith("{\"type\":\"result\",\"id\":\"1\""));
    }

    private static String good(String member) {
        return "\"request\":\"" + UUID + "\",\"input\":\"x\"," + member;
    }

    private static String result(String members) {
        return "{\"type\":\"result\",\"id\":\"1\"," + members + "}";
    }

    private String ask(String type, String members) throws IOException {
        client.text("{\"type\":\"" + type + "\",\"id\":\"1\"" + (members.isEmpty() ? "" : ",") + members + "}");
        return client.readText();
    }

    private static String refused(String code, String reply) {
        assertTrue(reply.startsWith("{\"type\":\"refused\""), reply);
        assertTrue(reply.contains("\"code\":\"" + code + "\""), reply);
        return reply;
    }
}
