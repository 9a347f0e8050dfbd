package io.insula.transport.websocket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.insula.engine.api.ErrorCode;
import io.insula.engine.api.Position;
import io.insula.engine.api.RefusedException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class EventStreamTest extends TransportTestCase {
    private void restart(TransportLimits limits) throws IOException {
        running.close();
        running = new RunningTransport(limits);
    }

    private void restart(TransportLimits.Times times) throws IOException {
        restart(RunningTransport.with(times));
    }

    private static TransportLimits.Times times(Duration ping, Duration progress) {
        TransportLimits.Times times = TransportLimits.Times.defaults();
        return new TransportLimits.Times(
                times.handshake(), ping, times.deadAfter(), progress, Duration.ofMillis(200));
    }

    private String request(String subject, String headers) {
        return "GET /events HTTP/1.1\r\nHost: localhost:" + running.address.getPort() + "\r\nAuthorization: Bearer "
                + running.tokens.of(subject) + "\r\n" + headers + "\r\n";
    }

    private StreamClient follow(String headers) throws IOException {
        return new StreamClient(running.client(), request("ada", headers));
    }

    private String refused(String headers) throws IOException {
        try (RawClient client = running.client()) {
            return client.send(request("ada", headers)).readResponse();
        }
    }

    @Test
    void eachEventComesWithThePositionBehindIt() throws IOException {
        RecordedUser ada = running.directory.user("ada");
        ada.emit("{\"type\": \"A\" }");
        try (StreamClient stream = follow("")) {
            assertTrue(stream.head.startsWith("HTTP/1.1 200 "), stream.head);
            assertTrue(stream.head.contains("Content-Type: text/event-stream"), stream.head);
            assertTrue(stream.head.contains("Cache-Control: no-store"), stream.head);
            assertEquals("id: epoch-1.1", stream.read());
            ada.emit("{\"type\":\"B\"}");
            ada.emit("{\"type\":\"C\"}");
            assertEquals(
                    "id: epoch-1.2\ndata: {\"sequence\":2,\"thread\":\"t1\",\"run\":\"r1\",\"event\":{\"type\":\"B\"}}",
                    stream.read());
            assertEquals(
                    "id: epoch-1.3\ndata: {\"sequence\":3,\"thread\":\"t1\",\"run\":\"r1\",\"event\":{\"type\":\"C\"}}",
                    stream.read());
        }
    }

    @Test
    void whoComesBackGoesOnBehindTheLastEvent() throws IOException {
        RecordedUser ada = running.directory.user("ada");
        for (int i = 0; i < 1_200; i++) {
            ada.emit("{\"n\":" + i + "}");
        }
        try (StreamClient stream = follow("Last-Event-ID: epoch-1.100\r\n")) {
            assertEquals("id: epoch-1.100", stream.read());
            for (int i = 101; i <= 1_200; i++) {
                assertTrue(stream.read().startsWith("id: epoch-1." + i + "\ndata: {\"sequence\":" + i + ","));
            }
        }
    }

    @Test
    void theWholeLogIsThereForWhoSaysStart() throws IOException {
        running.directory.user("ada").emit("{}");
        try (StreamClient stream = follow("Last-Event-ID: start\r\n")) {
            assertEquals("id: epoch-1.0", stream.read());
            assertTrue(stream.read().startsWith("id: epoch-1.1\n"));
        }
    }

    @Test
    void aPositionThatIsNoMoreIsRefusedWithOneToGoOnFrom() throws IOException {
        running.directory.user("ada").emit("{}");
        String gone = refused("Last-Event-ID: other.7\r\n");
        assertTrue(gone.startsWith("HTTP/1.1 410 "), gone);
        assertTrue(
                gone.endsWith("\"code\":\"epoch-unknown\",\"number\":1014,"
                        + "\"resumeFrom\":{\"epoch\":\"epoch-1\",\"sequence\":1}}"),
                gone);
        assertTrue(refused("Last-Event-ID: epoch-1.2\r\n").startsWith("HTTP/1.1 400 "));
        for (String text : List.of("", "7", ".7", "epoch-1.", "epoch-1.-1", "epoch-1.01", "epoch-1.1x",
                "epoch-1.9999999999999999999", "epoch-1.1\r\nLast-Event-ID: epoch-1.1")) {
            String response = refused("Last-Event-ID: " + text + "\r\n");
            assertTrue(response.startsWith("HTTP/1.1 400 "), text + response);
            assertTrue(response.contains("\"code\":\"request-invalid\""), response);
        }
    }

    @Test
    void aStreamIsForUsersWithATokenAndPagesOfTheServer() throws IOException {
        assertTrue(refused("Authorization: Bearer x\r\n").startsWith("HTTP/1.1 401 "));
        assertTrue(refused("Origin: https://evil.example\r\n").startsWith("HTTP/1.1 403 "));
        try (RawClient client = running.client()) {
            String response = client.send(request("ada", "").replace("/events", "/events?after=start")).readResponse();
            assertTrue(response.startsWith("HTTP/1.1 400 "), response);
        }
        try (StreamClient stream = follow("Origin: http://localhost:" + running.address.getPort() + "\r\n")) {
            assertTrue(stream.head.startsWith("HTTP/1.1 200 "), stream.head);
            assertTrue(!stream.head.contains("Access-Control"), stream.head);
        }
    }

    @Test
    void streamsAndWebSocketsAreConnectionsAlike() throws IOException {
        List<AutoCloseable> open = new ArrayList<>();
        try {
            for (int i = 0; i < 4; i++) {
                open.add(running.connect("ada"));
                open.add(follow(""));
            }
            String refused = refused("");
            assertTrue(refused.startsWith("HTTP/1.1 429 "), refused);
            assertTrue(refused.contains("\"code\":\"too-many-connections\""), refused);
            assertEquals(8, running.transport.connections());
            try (var other = new StreamClient(running.client(), request("bob", ""))) {
                assertTrue(other.head.startsWith("HTTP/1.1 200 "), other.head);
            }
        } finally {
            for (AutoCloseable one : open) {
                closeQuietly(one);
            }
        }
        running.awaitEmpty();
        try (StreamClient again = follow("")) {
            assertTrue(again.head.startsWith("HTTP/1.1 200 "), again.head);
        }
    }

    private static void closeQuietly(AutoCloseable one) {
        try {
            one.close();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void whoGoesAwayIsNoticedThoughNothingIsSaid() throws IOException {
        StreamClient stream = follow("");
        Await.until("it is open", () -> running.directory.user("ada").subscriptions.get() == 1);
        stream.close();
        running.awaitEmpty();
    }

    @Test
    void whoSendsAnythingOverAStreamIsCut() throws IOException {
        try (StreamClient stream = follow("")) {
            stream.read();
            stream.client.send("GET /agents HTTP/1.1\r\n\r\n");
            Await.until("it is cut", () -> running.directory.leases.get() == 0);
        }
    }

    @Test
    void aStreamIsKeptAliveByComments() throws IOException {
        restart(times(Duration.ofMillis(50), Duration.ofSeconds(30)));
        try (StreamClient stream = follow("")) {
            stream.readBlock();
            for (int i = 0; i < 3; i++) {
                assertEquals(":", stream.readBlock());
            }
        }
    }

    @Test
    void aStreamOutlastsTheTimeForARequest() throws IOException {
        TransportLimits.Times times = TransportLimits.Times.defaults();
        restart(new TransportLimits.Times(
                Duration.ofMillis(300), times.ping(), times.deadAfter(), times.progress(), times.cut()));
        RecordedUser ada = running.directory.user("ada");
        try (StreamClient stream = follow("")) {
            stream.read();
            long until = System.nanoTime() + Duration.ofSeconds(1).toNanos();
            Await.until("three times as long has passed", () -> System.nanoTime() > until);
            ada.emit("{}");
            assertTrue(stream.read().startsWith("id: epoch-1.1\n"));
        }
    }

    @Test
    void theLastThingSaidIsWhyAStreamEnds() throws IOException {
        try (StreamClient stream = follow("")) {
            stream.read();
            running.clockAhead.set(Duration.ofMinutes(11));
            assertEquals("event: closed\ndata: {\"code\":4001,\"reason\":\"token expired\"}", stream.read());
            assertEquals("", stream.read());
            assertTrue(stream.client.isAtEnd());
        }
        running.clockAhead.set(Duration.ZERO);
        try (StreamClient stream = follow("")) {
            stream.read();
            running.directory.endAll(ErrorCode.ERASED);
            assertEquals("event: notice\ndata: {\"type\":\"notice\",\"code\":\"erased\"}", stream.read());
            assertEquals("event: closed\ndata: {\"code\":4002,\"reason\":\"erased\"}", stream.read());
            assertEquals("", stream.read());
        }
        try (StreamClient stream = follow("")) {
            stream.read();
            running.close();
            assertEquals("event: closed\ndata: {\"code\":1001,\"reason\":\"going away\"}", stream.read());
            assertEquals("", stream.read());
        }
    }

    @Test
    void aStreamWhosePlaceIsGoneEndsWithANotice() throws IOException {
        RecordedUser ada = running.directory.user("ada");
        try (StreamClient stream = follow("")) {
            stream.read();
            ada.pollRefusal = Optional.of(RefusedException.resumeFrom(
                    ErrorCode.POSITION_TRIMMED, "Too slow.", new Position(RecordedUser.EPOCH, 7)));
            ada.emit("{}");
            assertEquals(
                    "event: notice\ndata: {\"type\":\"notice\",\"code\":\"subscription-ended\","
                            + "\"reason\":\"position-trimmed\",\"resumeFrom\":{\"epoch\":\"epoch-1\",\"sequence\":7}}",
                    stream.read());
            assertEquals("", stream.read());
        }
    }

    @Test
    void whoDoesNotReadIsCutAndCostsNoMoreThanWhatTheSocketHolds() throws IOException {
        restart(times(Duration.ofSeconds(20), Duration.ofMillis(500)));
        RecordedUser ada = running.directory.user("ada");
        var deaf = new StreamClient(new RawClient(running.address, 4 << 10), request("ada", ""));
        try (var other = new StreamClient(running.client(), request("bob", ""))) {
            Await.until("it is subscribed", () -> ada.subscriptions.get() == 1);
            other.read();
            String json = "{\"delta\":\"" + "x".repeat(30_000) + "\"}";
            for (int i = 0; i < 1_000; i++) {
                ada.emit(json);
            }
            int polled = ada.polls.getOrDefault("poll", 0);
            assertTrue(polled < 500, "it reads ahead of the socket: " + polled);
            Await.until("the deaf one was cut", () -> ada.subscriptions.get() == 0);
            running.directory.user("bob").emit("{}");
            assertTrue(other.read().startsWith("id: epoch-1.1\n"));
        }
        deaf.close();
    }

    @Test
    void aSlowReaderOfALongHistoryIsPacedAndNotCut() throws IOException {
        RecordedUser ada = running.directory.user("ada");
        for (int i = 0; i < 400; i++) {
            ada.emit("{\"delta\":\"" + "x".repeat(30_000) + "\"}");
        }
        try (var slow = new StreamClient(
                new RawClient(running.address, 4 << 10), request("ada", "Last-Event-ID: start\r\n"))) {
            slow.read();
            for (int i = 1; i <= 400; i++) {
                assertTrue(slow.read().startsWith("id: epoch-1." + i + "\n"));
            }
        }
    }
}
