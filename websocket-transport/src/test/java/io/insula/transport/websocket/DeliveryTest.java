package io.insula.transport.websocket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.insula.engine.api.ErrorCode;
import io.insula.engine.api.Position;
import io.insula.engine.api.RefusedException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class DeliveryTest {
    private static final Pattern SEQUENCE = Pattern.compile("\"sequence\":(\\d+),\"thread\"");
    private static final String SUBSCRIBE = "{\"type\":\"subscribe\",\"id\":\"s\",\"after\":\"start\"}";

    @Test
    void theReplyToASubscriptionComesBeforeItsFirstEvent() throws IOException {
        try (var running = new RunningTransport()) {
            RecordedUser ada = running.directory.user("ada");
            for (int i = 0; i < 100; i++) {
                ada.emit("{\"n\":" + i + "}");
                try (RawClient client = running.connect("ada")) {
                    client.text(SUBSCRIBE);
                    assertTrue(client.readTextIs("result"));
                    assertTrue(client.readTextIs("events"));
                }
            }
        }
    }

    @Test
    void waitingEventsAreJoinedAndPutInAsTheyAre() throws IOException {
        try (var running = new RunningTransport();
                RawClient client = running.connect("ada")) {
            RecordedUser ada = running.directory.user("ada");
            ada.emit("{\"type\": \"A\" }");
            ada.emit("{\"type\":\"B\"}");
            client.text(SUBSCRIBE);
            client.readText();
            assertEquals(
                    "{\"type\":\"events\",\"epoch\":\"epoch-1\",\"events\":["
                            + "{\"sequence\":1,\"thread\":\"t1\",\"run\":\"r1\",\"event\":{\"type\": \"A\" }},"
                            + "{\"sequence\":2,\"thread\":\"t1\",\"run\":\"r1\",\"event\":{\"type\":\"B\"}}]}",
                    client.readText());
        }
    }

    @Test
    void aMessageHoldsNoMoreEventsThanAllowed() throws IOException {
        try (var running = new RunningTransport();
                RawClient client = running.connect("ada")) {
            RecordedUser ada = running.directory.user("ada");
            for (int i = 0; i < 501; i++) {
                ada.emit("{}");
            }
            client.text(SUBSCRIBE);
            client.readText();
            assertEquals(500, SEQUENCE.matcher(client.readText()).results().count());
            assertEquals(1, SEQUENCE.matcher(client.readText()).results().count());
        }
    }

    @Test
    void whatIsWrittenByManyThreadsArrivesWholeAndInOrderAtEveryConnection() throws Exception {
        int events = 20_000;
        try (var running = new RunningTransport();
                RawClient first = running.connect("ada");
                RawClient second = running.connect("ada");
                ExecutorService writers = Executors.newFixedThreadPool(4)) {
            RecordedUser ada = running.directory.user("ada");
            first.text(SUBSCRIBE);
            for (int w = 0; w < 4; w++) {
                writers.execute(() -> {
                    for (int i = 0; i < events / 4; i++) {
                        ada.emit("{\"type\":\"TEXT_MESSAGE_CONTENT\",\"delta\":\"some words\"}");
                    }
                });
            }
            second.text(SUBSCRIBE);
            assertTrue(first.readTextIs("result"));
            assertTrue(second.readTextIs("result"));
            expectSequence(first, 1, events);
            expectSequence(second, 1, events);
        }
    }

    @Test
    void aJavaClientReadsEventsAndReplies() throws Exception {
        try (var running = new RunningTransport();
                HttpClient http = HttpClient.newHttpClient()) {
            List<String> texts = new CopyOnWriteArrayList<>();
            List<Integer> closes = new CopyOnWriteArrayList<>();
            WebSocket socket = http.newWebSocketBuilder()
                    .subprotocols("insula.v1", "bearer." + running.tokens.of("ada"))
                    .buildAsync(
                            URI.create("ws://127.0.0.1:" + running.address.getPort() + "/ws"),
                            new Listening(texts, closes))
                    .get();
            assertEquals("insula.v1", socket.getSubprotocol());
            socket.sendText(SUBSCRIBE, true).get();
            Await.until("it is subscribed", () -> texts.size() == 2);
            running.directory.user("ada").emit("{\"big\":\"" + "x".repeat(200_000) + "\"}");
            Await.until("the event came", () -> texts.size() == 3);
            assertTrue(texts.get(2).endsWith("xxx\"}}]}"));
            socket.sendClose(WebSocket.NORMAL_CLOSURE, "").get();
            Await.until("it was closed", () -> closes.equals(List.of(1000)));
            running.awaitEmpty();
        }
    }

    @Test
    @Tag("W43")
    void aClientThatNeverReadsIsCutAndAnotherUserDoesNotNotice() throws Exception {
        TransportLimits.Times times = TransportLimits.Times.defaults();
        var quick = new TransportLimits.Times(
                times.handshake(), times.ping(), times.deadAfter(), Duration.ofMillis(500), Duration.ofMillis(200));
        try (var running = new RunningTransport(RunningTransport.with(quick));
                var deaf = new RawClient(running.address, 4 << 10).connect(running.tokens.of("ada"));
                RawClient other = running.connect("bob")) {
            RecordedUser ada = running.directory.user("ada");
            RecordedUser bob = running.directory.user("bob");
            deaf.text(SUBSCRIBE);
            Await.until("the deaf one is subscribed", () -> ada.subscriptions.get() == 1);
            other.text(SUBSCRIBE);
            other.readText();
            String json = "{\"delta\":\"" + "x".repeat(30_000) + "\"}";
            for (int i = 0; i < 1_000; i++) {
                ada.emit(json);
                bob.emit("{}");
            }
            expectSequence(other, 1, 1_000);
            Await.until("the deaf one was cut", () -> ada.subscriptions.get() == 0);
            Await.until("its engine was given back", () -> running.directory.leases.get() == 1);
            assertTrue(other.text("{\"type\":\"ping\",\"id\":\"1\"}").readTextIs("pong"));
        }
    }

    @Test
    void aUserWhoseReadsWaitForStorageKeepsNobodyElseWaiting() throws IOException {
        try (var running = new RunningTransport();
                RawClient bob = running.connect("bob")) {
            RecordedUser ada = running.directory.user("ada");
            var gate = new CountDownLatch(1);
            ada.readGate = Optional.of(gate);
            List<RawClient> waiting = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                waiting.add(running.connect("ada").text("{\"type\":\"run.read\",\"id\":\"1\",\"run\":\"r1\"}"));
            }
            Await.until("all eight wait", () -> ada.calls.size() == 8);
            running.directory.user("bob").emit("{}");
            bob.text(SUBSCRIBE);
            assertTrue(bob.readTextIs("result"));
            assertTrue(bob.readTextIs("events"));
            running.connect("cyd").close();
            gate.countDown();
            for (RawClient client : waiting) {
                assertTrue(client.readTextIs("result"));
                client.close();
            }
        }
    }

    @Test
    void aSlowReaderOfALongHistoryIsPacedAndNotCut() throws Exception {
        try (var running = new RunningTransport();
                var slow = new RawClient(running.address, 4 << 10).connect(running.tokens.of("ada"))) {
            RecordedUser ada = running.directory.user("ada");
            for (int i = 0; i < 400; i++) {
                ada.emit("{\"delta\":\"" + "x".repeat(30_000) + "\"}");
            }
            slow.text(SUBSCRIBE);
            slow.readText();
            expectSequence(slow, 1, 400);
        }
    }

    @Test
    void repliesWithinTheOutboxWaitAndOneMoreEndsTheConnection() throws IOException {
        var limits = new TransportLimits.Connections(8, 100, 100_000, 64 << 10, 500, 1_000);
        try (var running = new RunningTransport(RunningTransport.with(limits));
                var deaf = new RawClient(running.address, 4 << 10).connect(running.tokens.of("ada"))) {
            RecordedUser ada = running.directory.user("ada");
            ada.messageLength = 40_000;
            boolean cut = false;
            for (int i = 0; i < 2_000 && !cut; i++) {
                try {
                    deaf.text("{\"type\":\"thread.read\",\"id\":\"1\",\"thread\":\"t1\",\"size\":1}");
                } catch (IOException e) {
                    cut = true;
                }
            }
            Await.until("it was cut", () -> running.directory.leases.get() == 0);
        }
    }

    @Test
    void aSubscriptionWhosePlaceIsGoneEndsWithANoticeAndAnotherCanBegin() throws IOException {
        try (var running = new RunningTransport();
                RawClient client = running.connect("ada")) {
            RecordedUser ada = running.directory.user("ada");
            client.text(SUBSCRIBE);
            client.readText();
            ada.pollRefusal = Optional.of(RefusedException.resumeFrom(
                    ErrorCode.POSITION_TRIMMED, "Too slow.", new Position(RecordedUser.EPOCH, 7)));
            ada.emit("{}");
            assertEquals(
                    "{\"type\":\"notice\",\"code\":\"subscription-ended\",\"reason\":\"position-trimmed\","
                            + "\"resumeFrom\":{\"epoch\":\"epoch-1\",\"sequence\":7}}",
                    client.readText());
            assertEquals(0, ada.subscriptions.get());
            ada.pollRefusal = Optional.empty();
            client.text(SUBSCRIBE);
            assertTrue(client.readTextIs("result"));
            assertTrue(client.readTextIs("events"));
        }
    }

    private static void expectSequence(RawClient client, int from, int to) throws IOException {
        int next = from;
        while (next <= to) {
            Matcher matcher = SEQUENCE.matcher(client.readText());
            while (matcher.find()) {
                assertEquals(next, Integer.parseInt(matcher.group(1), 10));
                next++;
            }
        }
    }

    private static final class Listening implements WebSocket.Listener {
        private final List<String> texts;
        private final List<Integer> closes;
        private final StringBuilder text = new StringBuilder();

        Listening(List<String> texts, List<Integer> closes) {
            this.texts = texts;
            this.closes = closes;
        }

        @Override
        public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
            text.append(data);
            if (last) {
                texts.add(text.toString());
                text.setLength(0);
            }
            return WebSocket.Listener.super.onText(socket, data, last);
        }

        @Override
        public CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
            closes.add(code);
            return WebSocket.Listener.super.onClose(socket, code, reason);
        }
    }
}
