package io.insula.transport.websocket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.insula.engine.api.ErrorCode;
import io.insula.engine.api.RefusedException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class HandshakeTest extends TransportTestCase {
    @Test
    @Tag("W12")
    void aRightUpgradeIsAcceptedAndWelcomed() throws IOException {
        try (RawClient client = running.client()) {
            client.send(client.upgrade(running.tokens.of("ada")) + "\r\n");
            String head = client.readHead();
            assertTrue(head.startsWith("HTTP/1.1 101 "), head);
            assertTrue(head.contains("Sec-WebSocket-Protocol: insula.v1\r\n"), head);
            assertFalse(head.contains("Server:"), head);
            String welcome = client.readText();
            assertTrue(
                    welcome.startsWith("{\"type\":\"welcome\",\"user\":{\"issuer\":\"https://issuer.example\","
                            + "\"subject\":\"ada\"},\"connection\":\""),
                    welcome);
            assertTrue(
                    welcome.endsWith("\"head\":{\"epoch\":\"epoch-1\",\"sequence\":0},\"agents\":[{\"name\":\"hello\","
                            + "\"summary\":\"Says hello.\"}],\"limits\":{\"messageBytes\":524288,\"inputBytes\":65536,"
                            + "\"attachmentBytes\":1000,\"attachmentsBytes\":4000,\"runsAtOnce\":3,\"queuedRuns\":32,"
                            + "\"messagesPerMinute\":1000000}}"),
                    welcome);
        }
    }

    @Test
    @Tag("W16")
    void aBrowsersTokenInASubprotocolIsTakenAndNotSentBack() throws IOException {
        try (RawClient client = running.client()) {
            String token = running.tokens.of("ada");
            String request = client.upgrade("x")
                    .replace("Authorization: Bearer x\r\n",
                            "Origin: http://127.0.0.1:" + running.address.getPort() + "\r\n")
                    .replace("insula.v1", "insula.v1, bearer." + token);
            client.send(request + "\r\n");
            String head = client.readHead();
            assertTrue(head.startsWith("HTTP/1.1 101 "), head);
            assertTrue(head.contains("Sec-WebSocket-Protocol: insula.v1\r\n"), head);
            assertFalse(head.contains(token.substring(0, 20)), head);
        }
    }

    @Test
    void anExpiredTokenIsRefused() throws IOException {
        try (RawClient client = running.client()) {
            String token = running.tokens.of("ada", Instant.now().minusSeconds(60));
            client.send(client.upgrade(token) + "\r\n");
            String response = client.readResponse();
            assertTrue(response.startsWith("HTTP/1.1 401 "), response);
            assertTrue(response.contains("has expired"), response);
        }
    }

    @Test
    @Tag("W18")
    void aLineEndInAHeaderMakesNoHeaderOfOurs() throws IOException {
        try (RawClient client = running.client()) {
            String request = client.upgrade(running.tokens.of("ada"))
                    .replace("insula.v1\r\n", "insula.v1, x\r\n Set-Cookie: a=b\r\n");
            client.send(request + "\r\n");
            String response = client.readResponse();
            assertFalse(response.contains("Set-Cookie"), response);
        }
    }

    @Test
    @Tag("W17")
    void tooLargeHeadersAreRefusedAndNotRead() throws IOException {
        try (RawClient client = running.client()) {
            client.send("GET / HTTP/1.1\r\nHost: 127.0.0.1:" + running.address.getPort() + "\r\nX: "
                    + "x".repeat(20 << 10) + "\r\n\r\n");
            String response = client.readResponse();
            assertTrue(response.startsWith("HTTP/1.1 431 "), response);
            assertTrue(response.contains("application/problem+json"), response);
        }
    }

    @Test
    @Tag("W17")
    void tenThousandHeadersAreRefusedBeforeTheLast() throws IOException {
        try (RawClient client = running.client()) {
            client.send("GET / HTTP/1.1\r\nHost: 127.0.0.1:" + running.address.getPort() + "\r\n");
            boolean cut = false;
            for (int i = 0; i < 10_000 && !cut; i++) {
                try {
                    client.send("X-" + i + ": x\r\n");
                } catch (IOException e) {
                    cut = true;
                }
            }
            assertTrue(cut, "all were taken");
        }
    }

    @Test
    @Tag("W21")
    void whenAllPlacesAreTakenNobodyElseComesInUntilOneIsGivenBack() throws IOException {
        var two = new TransportLimits.Connections(8, 2, 1 << 20, 64 << 10, 500, 1_000);
        try (var other = new RunningTransport(RunningTransport.with(two));
                RawClient second = other.connect("bob");
                RawClient third = other.client()) {
            RawClient first = other.connect("ada");
            third.send(third.upgrade(other.tokens.of("cyd")) + "\r\n");
            String response = third.readResponse();
            assertTrue(response.startsWith("HTTP/1.1 503 "), response);
            assertTrue(response.contains("\"code\":\"platform-busy\""), response);
            first.close();
            Await.until("the place was given back", () -> other.transport.connections() == 1);
            other.connect("cyd").close();
            assertTrue(second.text("{\"type\":\"ping\",\"id\":\"1\"}").readTextIs("pong"));
        }
    }

    @Test
    @Tag("W23")
    void framesBehindTheRequestThatDoNotWaitForItsAnswerAreTakenAfterIt() throws IOException {
        try (RawClient client = running.client()) {
            var all = new ByteArrayOutputStream();
            all.writeBytes((client.upgrade(running.tokens.of("ada")) + "\r\n").getBytes(StandardCharsets.US_ASCII));
            all.writeBytes(RawClient.masked(0x80 | RawClient.TEXT,
                    "{\"type\":\"ping\",\"id\":\"1\"}".getBytes(StandardCharsets.US_ASCII)));
            client.send(all.toByteArray());
            assertTrue(client.readHead().startsWith("HTTP/1.1 101 "));
            assertTrue(client.readTextIs("welcome"));
            assertTrue(client.readTextIs("pong"));
        }
    }

    @Test
    @Tag("W21")
    @Tag("W45")
    void theNinthConnectionOfAUserIsRefusedAndAnotherUserIsNot() throws IOException {
        List<RawClient> clients = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            clients.add(running.connect("ada"));
        }
        refused(429, "too-many-connections", "", "");
        clients.add(running.connect("bob"));
        clients.getFirst().close();
        Await.until("the place was given back", () -> running.directory.leases.get() == 8);
        clients.add(running.connect("ada"));
        for (RawClient client : clients) {
            client.close();
        }
    }

    @Test
    void whoeverConnectsTooOftenIsToldWhenToComeAgain() throws IOException {
        TransportLimits.Messages messages = TransportLimits.Messages.defaults();
        try (var other = new RunningTransport(RunningTransport.with(new TransportLimits.Messages(
                messages.messageBytes(), messages.fragments(), 1, 2, messages.refusedInARow(),
                messages.pingsPerMinute())))) {
            other.connect("ada").close();
            Await.until("the first connection is over", () -> other.transport.connections() == 0);
            other.connect("ada").close();
            try (RawClient client = other.client()) {
                client.send(client.upgrade(other.tokens.of("ada")) + "\r\n");
                String response = client.readResponse();
                assertTrue(response.startsWith("HTTP/1.1 429 "), response);
                assertTrue(response.contains("\"code\":\"rate-limited\""), response);
                assertTrue(response.matches("(?s).*\r\nRetry-After: (60|5\\d)\r\n.*"), response);
            }
            other.connect("bob").close();
        }
    }

    @Test
    void whenTenRaceForEightPlacesEightWin() throws Exception {
        var go = new CountDownLatch(1);
        String token = running.tokens.of("ada");
        List<Future<RawClient>> racers = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(10)) {
            for (int i = 0; i < 10; i++) {
                Callable<RawClient> racer = () -> {
                    RawClient client = running.client();
                    go.await();
                    client.send(client.upgrade(token) + "\r\n");
                    return client;
                };
                racers.add(threads.submit(racer));
            }
            go.countDown();
        }
        List<String> statuses = new ArrayList<>();
        List<RawClient> clients = new ArrayList<>();
        for (Future<RawClient> racer : racers) {
            clients.add(racer.get());
            statuses.add(racer.get().readHead().substring(9, 12));
        }
        statuses.sort(String::compareTo);
        assertEquals(List.of("101", "101", "101", "101", "101", "101", "101", "101", "429", "429"), statuses);
        for (RawClient client : clients) {
            client.close();
        }
    }

    @Test
    void whatTheDirectoryRefusesIsAnsweredWithItsCode() throws IOException {
        running.directory.refusal = Optional.of(new RefusedException(ErrorCode.PLATFORM_BUSY, "Full; try later."));
        String response = refused(503, "platform-busy", "", "");
        assertTrue(response.contains("Full; try later."), response);
    }

    @Test
    @Tag("W19")
    @Tag("W20")
    void aSocketThatNeverFinishesItsRequestIsCut() throws IOException {
        TransportLimits.Times times = TransportLimits.Times.defaults();
        var quick = new TransportLimits.Times(
                Duration.ofMillis(300), times.ping(), times.deadAfter(), times.progress(), times.cut());
        try (var other = new RunningTransport(RunningTransport.with(quick));
                RawClient silent = other.client();
                RawClient slow = other.client()) {
            long begin = System.nanoTime();
            boolean cut = false;
            while (!cut && System.nanoTime() - begin < Duration.ofSeconds(10).toNanos()) {
                try {
                    slow.send("G");
                    LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
                } catch (IOException e) {
                    cut = true;
                }
            }
            assertTrue(cut);
            assertTrue(silent.isAtEnd());
            Await.until("no socket is watched any more", () -> other.transport.waitingSockets() == 0);
        }
    }

    @Test
    void whoeverTheServerKeepsWaitingIsNotCut() throws Exception {
        TransportLimits defaults = RunningTransport.limits();
        TransportLimits.Times times = defaults.times();
        TransportLimits.Http http = defaults.http();
        Duration handshake = Duration.ofMillis(500);
        try (var other = new RunningTransport(new TransportLimits(
                new TransportLimits.Connections(100, 100, 1 << 20, 1 << 16, 500, 1_000),
                defaults.messages(),
                new TransportLimits.Times(handshake, times.ping(), times.deadAfter(), times.progress(), times.cut()),
                new TransportLimits.Http(http.headerBytes(), 2, 4, 1, http.discardedBytes(), 8, 1, 1)))) {
            other.directory.gate = new CountDownLatch(1);
            String token = other.tokens.of("ada");
            List<RawClient> clients = new ArrayList<>();
            for (int i = 0; i < 16; i++) {
                RawClient client = other.client();
                clients.add(client);
                client.send(client.upgrade(token) + "\r\n");
            }
            // As long as a silent client would have, several times over.
            Await.until("no thread is free", () -> other.directory.atTheGate.get() >= 5);
            LockSupport.parkNanos(handshake.multipliedBy(4).toNanos());
            other.directory.gate.countDown();
            for (RawClient client : clients) {
                String head = client.readHead();
                assertTrue(head.startsWith("HTTP/1.1 101 "), head);
                client.close();
            }
        }
    }

    /** Sends a right upgrade with one part replaced, and expects a problem. */
    private String refused(int status, String code, String from, String to) throws IOException {
        try (RawClient client = running.client()) {
            String token = running.tokens.of("ada");
            String request = client.upgrade("TOKEN");
            String changed = from.isEmpty() ? request : request.replace(from, to);
            client.send(changed.replace("TOKEN", token) + "\r\n");
            String response = client.readResponse();
            assertTrue(response.startsWith("HTTP/1.1 " + status + " "), changed + response);
            assertTrue(response.contains("Content-Type: application/problem+json"), response);
            assertTrue(response.contains("\"code\":\"" + code + "\""), response);
            assertFalse(response.contains(token), response);
            return response;
        }
    }
}
