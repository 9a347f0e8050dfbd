package io.insula.transport.websocket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class UnreadContentTest {
    private static final int MOST_BYTES = 2_000;

    private RunningTransport running;

    @BeforeEach
    void start() throws IOException {
        TransportLimits.Http http = TransportLimits.Http.defaults();
        var few = new TransportLimits.Http(
                http.headerBytes(),
                http.uploadsPerUser(),
                http.uploads(),
                http.uploadBytesPerSecond(),
                MOST_BYTES,
                http.threads(),
                http.readsPerUser(),
                1);
        running = new RunningTransport(limits(few, Duration.ofMinutes(1)));
    }

    @AfterEach
    void stop() {
        running.awaitEmpty();
        running.close();
    }

    @Test
    void aRefusalWaitsForContentThatIsOnItsWayAndTheSocketStays() throws IOException {
        try (RawClient client = running.client()) {
            client.send(head("Content-Length: 2"));
            hearsNothing(client);
            client.send("x");
            hearsNothing(client);
            client.send("x");
            refusedAndKept(client);
        }
    }

    @Test
    void asMuchAsTheLimitIsTakenAndBeyondItTheSocketIsClosed() throws IOException {
        try (RawClient client = running.client()) {
            client.send(head("Content-Length: " + MOST_BYTES));
            hearsNothing(client);
            client.send("x".repeat(MOST_BYTES));
            refusedAndKept(client);
        }
        try (RawClient client = running.client()) {
            client.send(head("Content-Length: " + (MOST_BYTES + 1)));
            refusedAndClosed(client, 401);
        }
    }

    @Test
    void contentWithoutALengthIsTakenUpToTheSameLimit() throws IOException {
        String begin = head("Transfer-Encoding: chunked") + chunk(1);
        try (RawClient client = running.client()) {
            client.send(begin + chunk(MOST_BYTES - 1));
            client.send("0\r\n\r\n");
            refusedAndKept(client);
        }
        try (RawClient client = running.client()) {
            client.send(begin + chunk(MOST_BYTES));
            refusedAndClosed(client, 401);
        }
    }

    @Test
    void contentThatWaitsToBeAskedForIsNotAskedFor() throws IOException {
        try (RawClient client = running.client()) {
            client.send(head("Expect: 100-continue\r\nContent-Length: " + MOST_BYTES));
            refusedAndClosed(client, 401);
        }
    }

    @Test
    void whoeverTakesTooLongWithItsContentIsCut() throws IOException {
        restart(TransportLimits.Http.defaults(), Duration.ofSeconds(1));
        String head = head("Content-Length: " + (1 << 20));
        try (RawClient client = running.client()) {
            client.send(head);
            drip(client);
            assertTrue(client.isAtEnd());
        }
        Await.until("no socket is watched any more", () -> running.transport.waitingSockets() == 0);
    }

    @Test
    void anUploadThatComesTooSlowlyIsToldSoAndTheRestIsNotWaitedFor() throws IOException {
        TransportLimits.Http http = TransportLimits.Http.defaults();
        var fast = new TransportLimits.Http(
                http.headerBytes(), 2, 2, 1 << 20, http.discardedBytes(), http.threads(), 1, 1);
        restart(fast, Duration.ofMillis(500));
        String head = head(uploadOf("ada", RecordedUser.ATTACHMENT_BYTES));
        try (RawClient client = running.client()) {
            client.send(head);
            drip(client);
            refusedAndClosed(client, 408);
        }
    }

    @Test
    void anUploadThatStopsInTheMiddleIsToldSoInTheTimeOfAHandshake() throws IOException {
        restart(TransportLimits.Http.defaults(), Duration.ofMillis(500));
        try (RawClient client = running.client()) {
            client.send(head(uploadOf("ada", 2)) + "1");
            refusedAndClosed(client, 408);
        }
    }

    @Test
    void aClientThatSendsMuchAtATimeOfManyUploadsHearsThatItIsTooEarly() throws Exception {
        TransportLimits.Http http = TransportLimits.Http.defaults();
        var oneAtATime = new TransportLimits.Http(
                http.headerBytes(), 2, 1, http.uploadBytesPerSecond(), http.discardedBytes(), http.threads(), 1, 1);
        restart(oneAtATime, Duration.ofMinutes(1));
        var upload = HttpRequest.newBuilder(URI.create("http://" + host() + "/attachments"))
                .header("Authorization", "Bearer " + running.tokens.of("bob"))
                .header("X-Insula-Name", "x").header("Content-Type", "text/csv")
                .POST(HttpRequest.BodyPublishers.ofByteArray(new byte[4 << 20])).build();
        try (RawClient busy = running.client(); HttpClient bob = HttpClient.newHttpClient()) {
            busy.send(head(uploadOf("ada", 2)) + "1");
            Await.until("the first upload has its place", () -> running.directory.leases.get() == 1);
            for (int i = 0; i < 30; i++) {
                HttpResponse<String> response = bob.send(upload, HttpResponse.BodyHandlers.ofString());
                assertEquals(503, response.statusCode(), response::body);
                assertTrue(response.body().contains("platform-busy"), response::body);
            }
            busy.send("2");
            assertTrue(busy.readResponse().startsWith("HTTP/1.1 201 "));
        }
    }

    private void restart(TransportLimits.Http http, Duration handshake) throws IOException {
        running.close();
        running = new RunningTransport(limits(http, handshake));
    }

    private static TransportLimits limits(TransportLimits.Http http, Duration handshake) {
        TransportLimits limits = RunningTransport.limits();
        TransportLimits.Times times = limits.times();
        var changed = new TransportLimits.Times(
                handshake, times.ping(), times.deadAfter(), times.progress(), times.cut());
        return new TransportLimits(limits.connections(), limits.messages(), changed, http);
    }

    private String host() {
        return "127.0.0.1:" + running.address.getPort();
    }

    /** The head of an upload, which is refused before anything of it is read if there is no token among the headers. */
    private String head(String headers) {
        return "POST /attachments HTTP/1.1\r\nHost: " + host() + "\r\n" + headers + "\r\n\r\n";
    }

    private String uploadOf(String subject, int bytes) {
        return "Authorization: Bearer " + running.tokens.of(subject)
                + "\r\nX-Insula-Name: x\r\nContent-Type: text/csv\r\nContent-Length: " + bytes;
    }

    private static String chunk(int bytes) {
        return Integer.toHexString(bytes) + "\r\n" + "x".repeat(bytes) + "\r\n";
    }

    /** What is answered too early comes within this time, as a rule. */
    private static void hearsNothing(RawClient client) throws IOException {
        int patience = client.socket.getSoTimeout();
        client.socket.setSoTimeout(100);
        assertThrows(SocketTimeoutException.class, () -> client.socket.getInputStream().read());
        client.socket.setSoTimeout(patience);
    }

    /** Sends bytes one by one until there is an answer or nobody takes them any more. */
    private static void drip(RawClient client) throws IOException {
        long begin = System.nanoTime();
        try {
            while (client.socket.getInputStream().available() == 0) {
                assertTrue(System.nanoTime() - begin < Duration.ofSeconds(10).toNanos());
                client.send("x");
                LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
            }
        } catch (SocketException e) {
            // Nobody takes them any more: whoever calls this sees what else there is to read.
        }
    }

    private void refusedAndKept(RawClient client) throws IOException {
        String response = client.readResponse();
        assertTrue(response.startsWith("HTTP/1.1 401 "), response);
        assertFalse(response.contains("Connection: close"), response);
        client.send("GET / HTTP/1.1\r\nHost: " + host() + "\r\n\r\n");
        String next = client.readResponse();
        assertTrue(next.startsWith("HTTP/1.1 200 "), next);
    }

    private static void refusedAndClosed(RawClient client, int status) throws IOException {
        String response = client.readResponse();
        assertTrue(response.startsWith("HTTP/1.1 " + status + " "), response);
        assertTrue(response.contains("Connection: close\r\n"), response);
        assertTrue(client.isAtEnd());
    }
}
