package io.insula.transport.websocket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.insula.engine.api.ErrorCode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class LifecycleTest {
    @Test
    @Tag("W42")
    void whatAConnectionHoldsIsGivenBackHoweverItEnds() throws IOException {
        try (var running = new RunningTransport()) {
            RecordedUser ada = running.directory.user("ada");
            for (int i = 0; i < 200; i++) {
                try (RawClient client = running.connect("ada")) {
                    client.text("{\"type\":\"subscribe\",\"id\":\"1\",\"after\":\"now\"}");
                    if (i % 3 == 0) {
                        client.readText();
                    }
                    if (i % 2 == 0) {
                        client.socket.setSoLinger(true, 0);
                    }
                }
                Await.until("there is a place again", () -> running.directory.leases.get() < 8);
            }
            running.awaitEmpty();
            Await.until("no subscription is left", () -> ada.subscriptions.get() == 0);
            Await.until("no socket is watched", () -> running.transport.waitingSockets() == 0);
        }
    }

    @Test
    void whatIsKeptToCountMessagesGoesInTime() throws IOException {
        var tenEachSecond = new TransportLimits.Messages(512 << 10, 1_024, 600, 10, 5, 1_200);
        try (var running = new RunningTransport(RunningTransport.with(tenEachSecond))) {
            running.connect("ada").close();
            Await.until("nothing of the user is kept", () -> running.transport.users() == 0);
        }
    }

    @Test
    void interruptedThreadsGoOn() throws IOException {
        try (var running = new RunningTransport(); RawClient before = running.connect("ada")) {
            for (int i = 0; i < 3; i++) {
                assertTrue(RunningTransport.interruptThreads("transport-") > 1);
                running.connect("bob").close();
            }
            before.text("{\"type\":\"ping\",\"id\":\"1\"}");
            assertTrue(before.readTextIs("pong"));
        }
    }

    @Test
    void stoppingSaysGoingAwayFirstAndEndsEverything() throws Exception {
        var running = new RunningTransport();
        List<RawClient> clients = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            clients.add(running.connect("ada"));
        }
        RawClient deaf = running.connect("bob");
        try (ExecutorService thread = Executors.newSingleThreadExecutor()) {
            Future<?> stopping = thread.submit(() -> running.transport.close(Duration.ofSeconds(1)));
            for (RawClient client : clients) {
                assertEquals("close 1001 going away", client.readClose().orElseThrow().toString());
                client.frame(0x80 | RawClient.CLOSE, new byte[]{3, (byte) 0xe9});
                client.close();
            }
            stopping.get();
        }
        running.awaitEmpty();
        assertThrows(IOException.class, running::client);
        deaf.close();
        running.transport.close(Duration.ZERO);
        assertThrows(IllegalStateException.class, running.transport::start);
    }

    @Test
    @Tag("W46")
    void aCloseWhileEventsAreSentComesBehindAWholeMessageAndNothingFollowsIt() throws Exception {
        for (int i = 0; i < 50; i++) {
            try (var running = new RunningTransport();
                    RawClient client = running.connect("ada");
                    ExecutorService writer = Executors.newSingleThreadExecutor()) {
                RecordedUser ada = running.directory.user("ada");
                client.text("{\"type\":\"subscribe\",\"id\":\"1\",\"after\":\"start\"}");
                assertTrue(client.readTextIs("result"));
                Future<?> writing = writer.submit(() -> {
                    for (int n = 0; n < 300; n++) {
                        ada.emit("{\"n\":" + n + "}");
                    }
                });
                assertTrue(client.readTextIs("events"));
                running.directory.endAll(ErrorCode.ERASED);
                RawClient.Frame frame = client.readFrame();
                while (frame.opcode() != RawClient.CLOSE) {
                    assertTrue(frame.last() && frame.text().startsWith("{") && frame.text().endsWith("}"),
                            frame.text());
                    frame = client.readFrame();
                }
                assertEquals("close 4002 erased", frame.toString());
                client.frame(0x80 | RawClient.CLOSE, new byte[0]);
                assertTrue(client.isAtEnd());
                writing.get();
            }
        }
    }

    @Test
    void aConnectionEndsWithItsToken() throws IOException {
        try (var running = new RunningTransport();
                RawClient client = running.client().connect(running.tokens.of("ada", Instant.now().plusSeconds(60)))) {
            running.clockAhead.set(Duration.ofSeconds(60 + 31));
            assertEquals("close 4001 token expired", client.readClose().orElseThrow().toString());
            client.frame(0x80 | RawClient.CLOSE, new byte[0]);
            running.awaitEmpty();
        }
    }

    @Test
    void aConnectionEndsWithItsEngineAndIsToldWhySubscribedOrNot() throws IOException {
        for (ErrorCode why : List.of(ErrorCode.JOURNAL_UNAVAILABLE, ErrorCode.ERASED)) {
            try (var running = new RunningTransport();
                    RawClient following = running.connect("ada");
                    RawClient silent = running.connect("ada")) {
                following.text("{\"type\":\"subscribe\",\"id\":\"1\",\"after\":\"now\"}");
                assertTrue(following.readText().contains("\"result\""));

                running.directory.endAll(why);

                for (RawClient client : List.of(following, silent)) {
                    assertEquals("{\"type\":\"notice\",\"code\":\"" + why.word() + "\"}", client.readText());
                    String end = why == ErrorCode.ERASED ? "4002 erased" : "1013 journal unavailable";
                    assertEquals("close " + end, client.readClose().orElseThrow().toString());
                    client.frame(0x80 | RawClient.CLOSE, new byte[0]);
                }
                running.awaitEmpty();
            }
        }
    }

    @Test
    void aSilentConnectionIsPingedAndThenClosed() throws IOException {
        TransportLimits.Times times = TransportLimits.Times.defaults();
        var quick = new TransportLimits.Times(
                times.handshake(), Duration.ofMillis(100), Duration.ofMillis(600), times.progress(),
                Duration.ofMillis(100));
        try (var running = new RunningTransport(RunningTransport.with(quick));
                RawClient client = running.connect("ada")) {
            long begin = System.nanoTime();
            while (System.nanoTime() - begin < Duration.ofMillis(1_200).toNanos()) {
                assertEquals(RawClient.PING, client.readFrame().opcode());
                client.frame(0x80 | RawClient.PONG, new byte[0]);
            }
            RawClient.Frame frame = client.readFrame();
            while (frame.opcode() == RawClient.PING) {
                frame = client.readFrame();
            }
            assertEquals("close 1001 going away", frame.toString());
            running.awaitEmpty();
        }
    }

    @Test
    void aClientThatDoesNotAnswerACloseIsCut() throws IOException {
        TransportLimits.Times times = TransportLimits.Times.defaults();
        var quick = new TransportLimits.Times(
                times.handshake(), times.ping(), times.deadAfter(), times.progress(), Duration.ofMillis(100));
        try (var running = new RunningTransport(RunningTransport.with(quick));
                RawClient client = running.client().connect(running.tokens.of("ada", Instant.now().plusSeconds(60)))) {
            running.clockAhead.set(Duration.ofSeconds(100));
            assertTrue(client.readClose().isPresent());
            running.awaitEmpty();
            assertTrue(client.isAtEnd());
        }
    }

    @Test
    void aPortInUseIsAnErrorAtTheStart() throws IOException {
        try (var running = new RunningTransport()) {
            var settings = new TransportSettings(
                    running.address, java.util.Set.of(), java.util.Set.of(), java.util.Map.of(),
                    running.authority, java.util.Optional.empty(), java.util.Set.of());
            var second = new WebSocketTransport(
                    settings,
                    TransportLimits.defaults(),
                    running.directory,
                    Instant::now,
                    System::nanoTime,
                    Thread.ofPlatform().factory());
            assertThrows(IOException.class, second::start);
        }
    }

    @Test
    void noTokenComesIntoTheLog() throws IOException {
        PrintStream before = System.err;
        var log = new ByteArrayOutputStream();
        System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
        try (var running = new RunningTransport()) {
            String token = running.tokens.of("ada");
            RecordedUser ada = running.directory.user("ada");
            ada.readFailure = java.util.Optional.of(new IllegalStateException(token));
            for (String end : List.of("", token)) {
                try (RawClient client = running.client().connect(token)) {
                    client.text("{\"type\":\"run.read\",\"id\":\"1\",\"run\":\"r1\"" + end + "}");
                    client.readFrame();
                }
                try (RawClient client = running.client()) {
                    client.send(client.upgrade(token).replace("/ws", "/ws?token=" + token) + "\r\n");
                    assertFalse(client.readResponse().contains(token));
                }
            }
            running.awaitEmpty();
        } finally {
            System.setErr(before);
        }
        String text = log.toString(StandardCharsets.UTF_8);
        assertTrue(text.contains("connection_failed"), text);
        assertFalse(text.contains("eyJ"), text);
    }
}
