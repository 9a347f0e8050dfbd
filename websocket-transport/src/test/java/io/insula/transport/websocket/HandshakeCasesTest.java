package io.insula.transport.websocket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** Upgrades in which one thing is not as it should be, or only looks so. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HandshakeCasesTest {
    private static final String KEY = "dGhlIHNhbXBsZSBub25jZQ==";
    private static final String UPGRADE = "Upgrade: websocket\r\n";

    /**
     * A right upgrade with one part replaced; {@code PORT} and {@code TOKEN} stand for what is right.
     *
     * @param name its number in the table of bad input, and what is wrong
     */
    record Case(String name, String part, String instead, int status, String code) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static Case wrong(String name, int status, String part, String instead) {
        return new Case(name, part, instead, status, "request-invalid");
    }

    private static Case forbidden(String name, String part, String instead) {
        return new Case(name, part, instead, 403, "forbidden");
    }

    private static Case stranger(String name, String part, String instead) {
        return new Case(name, part, instead, 401, "unauthenticated");
    }

    private static Case origin(String name, String origin) {
        return forbidden(name, UPGRADE, "Origin: " + origin + "\r\n" + UPGRADE);
    }

    static final List<Case> UPGRADES = List.of(
            wrong("W1 no Upgrade header", 426, UPGRADE, ""),
            wrong("W1 Upgrade to something else", 426, UPGRADE, "Upgrade: h2c\r\n"),
            wrong("W1 no Connection header", 400, "Connection: Upgrade\r\n", ""),
            new Case("W2 method POST", "GET /ws", "POST /ws", 404, "path-unknown"),
            wrong("W3 HTTP/1.0", 426, "HTTP/1.1", "HTTP/1.0"),
            wrong("W4 no key", 400, "Sec-WebSocket-Key: " + KEY + "\r\n", ""),
            wrong("W5 key of 13 bytes", 400, KEY, "dGhlIHNhbXBsZQ=="),
            wrong("W5 key of 17 bytes", 400, KEY, "dGhlIHNhbXBsZSBub25jZTE="),
            wrong("W5 key that is not base64", 400, KEY, "not base64"),
            wrong("W5 key in a second form of the same bytes", 400, KEY, "dGhlIHNhbXBsZSBub25jZR=="),
            wrong("W6 two keys", 400, "Sec-WebSocket-Version",
                    "Sec-WebSocket-Key: " + KEY + "\r\nSec-WebSocket-Version"),
            wrong("W7 version 8", 426, "Version: 13", "Version: 8"),
            wrong("W7 no version", 426, "Sec-WebSocket-Version: 13\r\n", ""),
            wrong("W7 two versions", 426, "Version: 13", "Version: 13\r\nSec-WebSocket-Version: 8"),
            wrong("W7 two versions in one header", 426, "Version: 13", "Version: 13, 8"),
            wrong("W16 unknown subprotocol", 400, "insula.v1", "insula.v2"),
            wrong("W16 no subprotocol", 400, "Sec-WebSocket-Protocol: insula.v1\r\n", ""));

    static final List<Case> ORIGINS = List.of(
            origin("W8 somebody else's page", "https://evil.example"),
            origin("W9 no origin that could be told", "null"),
            origin("W10 our name with more behind it", "http://127.0.0.1:PORT.evil.example"),
            origin("W10 our name with more before it", "http://evil127.0.0.1:PORT"),
            origin("W10 an allowed name with more behind it", "https://chat.example.com.evil.example"),
            origin("W11 another port", "http://127.0.0.1:1"),
            origin("W11 no port", "http://127.0.0.1"),
            origin("W11 another port of an allowed name", "https://chat.example.com:444"),
            origin("W8 an allowed one and another", "https://chat.example.com\r\nOrigin: https://evil.example"),
            forbidden("W13 a name that was made to resolve to us", "Host: 127.0.0.1:PORT", "Host: evil.example:PORT"),
            forbidden("W13 our name with another port", "Host: 127.0.0.1:PORT", "Host: 127.0.0.1:1"));

    static final List<Case> TOKENS = List.of(
            stranger("W14 no token", "Authorization: Bearer TOKEN\r\n", ""),
            stranger("W14 a token in a cookie", "Authorization: Bearer TOKEN\r\n", "Cookie: token=TOKEN\r\n"),
            stranger("W14 another scheme", "Bearer TOKEN", "Basic dTpw"),
            stranger("W14 nonsense", "Bearer TOKEN", "Bearer nonsense"),
            stranger("W16 two tokens", "Protocol: insula.v1", "Protocol: insula.v1, bearer.TOKEN"),
            wrong("W15 a token in the query", 400, "GET /ws", "GET /ws?access_token=TOKEN"));

    static final List<Case> RIGHT = List.of(
            new Case("W11 our own origin", UPGRADE, "Origin: http://127.0.0.1:PORT\r\n" + UPGRADE, 101, ""),
            new Case("W11 an allowed origin in capitals", UPGRADE,
                    "Origin: https://CHAT.example.com\r\n" + UPGRADE, 101, ""),
            new Case("W12 no origin: a program", "", "", 101, ""),
            new Case("W13 localhost", "Host: 127.0.0.1:PORT", "Host: LOCALHOST:PORT", 101, ""),
            new Case("W13 the address of version 6", "Host: 127.0.0.1:PORT", "Host: [::1]:PORT", 101, ""),
            new Case("W13 an allowed name", "Host: 127.0.0.1:PORT", "Host: chat.example.com", 101, ""),
            new Case("W38 compression is asked for", UPGRADE,
                    "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n" + UPGRADE, 101, ""));

    private RunningTransport running;

    @BeforeAll
    void start() throws IOException {
        running = new RunningTransport();
    }

    @AfterAll
    void stop() {
        running.awaitEmpty();
        running.close();
    }

    @ParameterizedTest
    @FieldSource("UPGRADES")
    @Tag("W1")
    @Tag("W2")
    @Tag("W3")
    @Tag("W4")
    @Tag("W5")
    @Tag("W6")
    @Tag("W7")
    @Tag("W16")
    void whatIsNoUpgradeIsAnsweredAsSuch(Case upgrade) throws IOException {
        String response = refused(upgrade);
        assertEquals(upgrade.status() == 426, response.contains("Sec-WebSocket-Version: 13\r\n"), response);
        assertEquals(upgrade.status() == 426, response.contains("Upgrade: websocket\r\n"), response);
    }

    @ParameterizedTest
    @FieldSource("ORIGINS")
    @Tag("W8")
    @Tag("W9")
    @Tag("W10")
    @Tag("W11")
    @Tag("W13")
    void foreignPagesAndNamesAreRefused(Case upgrade) throws IOException {
        refused(upgrade);
    }

    @ParameterizedTest
    @FieldSource("TOKENS")
    @Tag("W14")
    @Tag("W15")
    @Tag("W16")
    void withoutOneTokenInAHeaderNobodyComesIn(Case upgrade) throws IOException {
        String response = refused(upgrade);
        assertEquals(upgrade.status() == 401, response.contains("WWW-Authenticate: Bearer\r\n"), response);
    }

    @ParameterizedTest
    @FieldSource("RIGHT")
    @Tag("W11")
    @Tag("W12")
    @Tag("W13")
    @Tag("W38")
    void whatIsRightIsAcceptedAndNothingIsCompressed(Case upgrade) throws IOException {
        try (RawClient client = running.client()) {
            String head = send(client, upgrade).readHead();
            assertTrue(head.startsWith("HTTP/1.1 101 "), head);
            assertFalse(head.contains("Sec-WebSocket-Extensions"), head);
            assertTrue(client.readTextIs("welcome"));
        }
    }

    private RawClient send(RawClient client, Case upgrade) throws IOException {
        String port = Integer.toString(running.address.getPort());
        String right = client.upgrade("TOKEN").replace("127.0.0.1:" + port, "127.0.0.1:PORT");
        assertTrue(right.contains(upgrade.part()), upgrade.part());
        String changed = upgrade.part().isEmpty() ? right : right.replace(upgrade.part(), upgrade.instead());
        return client.send(changed.replace("PORT", port).replace("TOKEN", running.tokens.of("ada")) + "\r\n");
    }

    private String refused(Case upgrade) throws IOException {
        try (RawClient client = running.client()) {
            String response = send(client, upgrade).readResponse();
            assertTrue(response.startsWith("HTTP/1.1 " + upgrade.status() + " "), response);
            assertTrue(response.contains("Content-Type: application/problem+json"), response);
            assertTrue(response.contains("\"code\":\"" + upgrade.code() + "\""), response);
            assertFalse(response.contains("eyJ"), response);
            return response;
        }
    }
}
