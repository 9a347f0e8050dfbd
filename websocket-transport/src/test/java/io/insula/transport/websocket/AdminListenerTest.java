package io.insula.transport.websocket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.insula.engine.api.ErrorCode;
import io.insula.engine.api.UserExecutionEngine.Readiness;
import io.insula.engine.api.UserExecutionEngine.Trouble;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AdminListenerTest {
    private static final TestTokens TOKENS = new TestTokens();

    private final FakeDirectory directory = new FakeDirectory();
    private final TokenAuthority authority = TOKENS.authority(Instant::now);
    private final AdminListener listener = listener(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    private InetSocketAddress address = new InetSocketAddress(0);

    private AdminListener listener(InetSocketAddress at) {
        TransportLimits.Times times = TransportLimits.Times.defaults();
        TransportLimits limits = RunningTransport.with(new TransportLimits.Times(
                Duration.ofSeconds(2), times.ping(), times.deadAfter(), times.progress(), times.cut()));
        return new AdminListener(
                at, limits, authority, System::nanoTime,
                Thread.ofPlatform().name("admin-", 0).factory());
    }

    @BeforeEach
    void start() throws IOException {
        address = listener.start();
    }

    @AfterEach
    void stop() {
        listener.close();
    }

    @Test
    void metricsAreThereWhenThePlatformIs() throws IOException {
        String before = metrics();
        assertTrue(before.startsWith("HTTP/1.1 503 "), before);

        listener.tellMetrics(() -> List.of(
                Measurement.of("insula_engines", Measurement.Kind.GAUGE, "Engines of users in memory.", 7)));

        String now = metrics();
        assertTrue(now.startsWith("HTTP/1.1 200 "), now);
        assertTrue(now.contains("\r\nContent-Type: text/plain; version=0.0.4; charset=utf-8\r\n"), now);
        assertTrue(now.endsWith("\ninsula_engines 7\n"), now);
    }

    private String metrics() throws IOException {
        return request("GET /metrics HTTP/1.1\r\n" + host() + "\r\n");
    }

    @Test
    void livesAtOnceAndIsReadyWhenThereIsAPlatform() throws IOException {
        assertEquals("200 {\"status\":\"live\"}", get("/health/live"));
        assertEquals(
                "503 {\"status\":\"not-ready\",\"reasons\":[\"starting\"],\"details\":{}}", get("/health/ready"));

        listener.serve(directory);

        assertEquals("200 {\"status\":\"ready\",\"reasons\":[],\"details\":{}}", get("/health/ready"));
    }

    @Test
    void interruptedThreadsGoOn() throws IOException {
        for (int i = 0; i < 3; i++) {
            assertTrue(RunningTransport.interruptThreads("admin-") > 1);
            assertEquals("200 {\"status\":\"live\"}", get("/health/live"));
        }
    }

    @Test
    void saysWhatKeepsNewWorkOut() throws IOException {
        listener.serve(directory);
        directory.readiness = new Readiness(List.of(
                new Trouble(ErrorCode.GOING_AWAY, ""), new Trouble(ErrorCode.JOURNAL_UNAVAILABLE, "disk-full")));

        assertEquals(
                "503 {\"status\":\"not-ready\",\"reasons\":[\"going-away\",\"journal-unavailable\"],"
                        + "\"details\":{\"journal-unavailable\":\"disk-full\"}}",
                get("/health/ready"));
        assertEquals("200 {\"status\":\"live\"}", get("/health/live"));
    }

    @Test
    void pagesOfOthersAndForeignNamesAreRefused() throws IOException {
        assertTrue(request("GET /health/live HTTP/1.1\r\nHost: evil.example\r\n\r\n").startsWith("HTTP/1.1 403 "));
        assertTrue(request("GET /health/live HTTP/1.1\r\n" + host() + "Origin: https://evil.example\r\n\r\n")
                .startsWith("HTTP/1.1 403 "));
    }

    @Test
    void whatIsForUsersIsNotHere() throws IOException {
        for (String line : List.of("GET /", "GET /agents", "GET /ws", "POST /attachments", "POST /health/ready")) {
            String response = request(line + " HTTP/1.1\r\n" + host() + "\r\n");
            assertTrue(response.startsWith("HTTP/1.1 404 "), line + response);
        }
    }

    @Test
    void aBackupIsForOperatorsAlone() throws IOException {
        listener.serve(directory);
        assertTrue(backup("").startsWith("HTTP/1.1 401 "));
        assertTrue(backup(authorization(TOKENS.of("ada"))).startsWith("HTTP/1.1 403 "));
        assertTrue(backup(authorization(TOKENS.of("operator"))).startsWith("HTTP/1.1 403 "));

        String response = backup(authorization(TOKENS.ofOperator("ada")));

        assertTrue(response.startsWith("HTTP/1.1 200 "), response);
        assertTrue(response.contains("filename=\"insula-backup.zip\""), response);
        assertTrue(response.contains("backup of all"), response);
    }

    @Test
    void thereIsNoBackupBeforeThereIsAPlatform() throws IOException {
        String response = backup(authorization(TOKENS.ofOperator("ada")));
        assertTrue(response.startsWith("HTTP/1.1 503 "), response);
    }

    @Test
    void pluginsAreToldToOperatorsAlone() throws IOException {
        String operator = authorization(TOKENS.ofOperator("ada"));
        assertTrue(plugins(operator).startsWith("HTTP/1.1 503 "));
        listener.tellPlugins(() -> "{\"plugins\":[]}");

        assertTrue(plugins("").startsWith("HTTP/1.1 401 "));
        assertTrue(plugins(authorization(TOKENS.of("ada"))).startsWith("HTTP/1.1 403 "));
        String told = plugins(operator);
        assertTrue(told.startsWith("HTTP/1.1 200 "), told);
        assertTrue(told.endsWith("{\"plugins\":[]}"), told);
    }

    @Test
    void tokensAreRevokedByOperatorsAlone() throws IOException {
        String ada = TOKENS.of("ada");
        String body = "{\"token\":\"" + ada + "\"}";
        assertTrue(revoke("", body).startsWith("HTTP/1.1 401 "));
        assertTrue(revoke(authorization(ada), body).startsWith("HTTP/1.1 403 "));

        String operator = authorization(TOKENS.ofOperator("olga"));
        String response = revoke(operator, body);

        assertTrue(response.startsWith("HTTP/1.1 200 "), response);
        assertTrue(response.endsWith("{\"revoked\":true}"), response);
        assertTrue(plugins(authorization(ada)).startsWith("HTTP/1.1 401 "));
        assertTrue(revoke(operator, "{\"subject\":\"bob\"}").startsWith("HTTP/1.1 200 "));
        assertTrue(plugins(authorization(TOKENS.of("bob"))).startsWith("HTTP/1.1 401 "));
        assertTrue(revoke(operator, "{\"tokenId\":\"7\"}").startsWith("HTTP/1.1 200 "));
        assertTrue(revoke(operator, "{\"subject\":\"olga\"}").startsWith("HTTP/1.1 200 "));
        assertTrue(plugins(operator).startsWith("HTTP/1.1 401 "));
    }

    @Test
    void whatSaysNotWhichTokensIsRefused() throws IOException {
        String operator = authorization(TOKENS.ofOperator("olga"));
        for (String body : List.of(
                "", "{}", "[]", "{\"token\":1}", "{\"token\":\"x\"}", "{\"subject\":\"anonymous\"}",
                "{\"subject\":\"ada\",\"tokenId\":\"1\"}", "{\"user\":\"ada\"}")) {
            assertTrue(revoke(operator, body).startsWith("HTTP/1.1 400 "), body);
        }
        assertEquals(0, authority.revocations().size());
    }

    @Test
    void saysThatKeysAreMissing() throws Exception {
        try (var without = TOKENS.authority(
                TestTokens.rules(new KeyPlace.Address(URI.create("http://127.0.0.1:1/keys"))), Instant::now)) {
            without.start();
            Await.until("it was tried", () -> without.trouble().equals(Optional.of("no-answer")));
            var other = new AdminListener(
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), TransportLimits.defaults(), without,
                    System::nanoTime, Thread.ofPlatform().name("admin-", 0).factory());
            InetSocketAddress before = address;
            address = other.start();
            other.serve(directory);
            other.tellPlugins(() -> "{}");
            try {
                assertEquals(
                        "503 {\"status\":\"not-ready\",\"reasons\":[\"keys-unavailable\"],"
                                + "\"details\":{\"keys-unavailable\":\"no-answer\"}}",
                        get("/health/ready"));
                assertTrue(plugins(authorization(TOKENS.ofOperator("ada"))).startsWith("HTTP/1.1 200 "));
                assertTrue(plugins(authorization(new TestTokens().ofOperator("ada"))).startsWith("HTTP/1.1 503 "));
            } finally {
                other.close();
                address = before;
            }
        }
    }

    private String revoke(String headers, String body) throws IOException {
        return request("POST /tokens/revoke HTTP/1.1\r\n" + host() + headers + "Content-Length: " + body.length()
                + "\r\n\r\n" + body);
    }

    private String plugins(String headers) throws IOException {
        return request("GET /plugins HTTP/1.1\r\n" + host() + headers + "\r\n");
    }

    private String backup(String headers) throws IOException {
        try (RawClient client = new RawClient(address)) {
            client.send(
                    "POST /backup HTTP/1.1\r\n" + host() + headers + "Content-Length: 0\r\nConnection: close\r\n\r\n");
            return new String(client.socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }

    private static String authorization(String token) {
        return "Authorization: Bearer " + token + "\r\n";
    }

    @Test
    void socketsThatSayNothingAreCutAndDoNotKeepOthersOut() throws IOException {
        List<RawClient> silent = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            silent.add(new RawClient(address));
        }
        assertEquals("200 {\"status\":\"live\"}", get("/health/live"));
        for (RawClient client : silent) {
            Await.until("it was cut", () -> {
                try {
                    return client.isAtEnd();
                } catch (IOException e) {
                    return true;
                }
            });
            client.close();
        }
    }

    @Test
    void aPortInUseIsAnErrorAtTheStart() {
        AdminListener second = listener(address);
        assertThrows(IOException.class, second::start);
    }

    private String get(String path) throws IOException {
        String response = request("GET " + path + " HTTP/1.1\r\n" + host() + "\r\n");
        assertTrue(response.contains("Content-Type: application/json"), response);
        return response.substring("HTTP/1.1 ".length(), "HTTP/1.1 200".length())
                + " " + response.substring(response.indexOf("\r\n\r\n") + 4);
    }

    private String request(String text) throws IOException {
        try (RawClient client = new RawClient(address)) {
            client.send(text);
            return client.readResponse();
        }
    }

    private String host() {
        return "Host: localhost:" + address.getPort() + "\r\n";
    }
}
