package io.insula.transport.websocket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.nimbusds.jose.jwk.JWKSet;
import io.insula.agent.UserId;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What becomes of connections and requests while tokens are renewed and revoked, and keys come and go. */
class TokenLifeTest {
    private static final String REVOKED = "close 4003 token revoked";

    private static String refresh(String token) {
        return "{\"type\":\"token.refresh\",\"id\":\"r\",\"token\":\"" + token + "\"}";
    }

    private static String get(RunningTransport running, String token) throws IOException {
        return request(running, "GET /agents", token);
    }

    private static String request(RunningTransport running, String line, String token) throws IOException {
        try (RawClient client = running.client()) {
            client.send(line + " HTTP/1.1\r\nHost: 127.0.0.1:" + running.address.getPort()
                    + "\r\nAuthorization: Bearer " + token + "\r\nContent-Length: 0\r\n\r\n");
            return client.readResponse();
        }
    }

    @Test
    @Tag("J21")
    void aConnectionGoesOnUnderANewerToken() throws IOException {
        try (var running = new RunningTransport();
                RawClient client = running.client().connect(running.tokens.of("ada", Instant.now().plusSeconds(60)))) {
            Instant end = Instant.now().plusSeconds(600);
            String token = running.tokens.of("ada", end);
            client.text(refresh(token));
            String reply = client.readText();
            Instant until = Instant.ofEpochSecond(end.getEpochSecond() + 30);
            assertEquals("{\"type\":\"result\",\"id\":\"r\",\"until\":\"" + until + "\"}", reply);

            running.clockAhead.set(Duration.ofSeconds(60 + 31));
            client.text("{\"type\":\"ping\",\"id\":\"1\"}");
            assertTrue(client.readTextIs("pong"));
            running.clockAhead.set(Duration.ofSeconds(600 + 31));
            assertEquals("close 4001 token expired", client.readClose().orElseThrow().toString());
        }
    }

    @Test
    @Tag("J21")
    void aNewerTokenMayEndSooner() throws IOException {
        try (var running = new RunningTransport(); RawClient client = running.connect("ada")) {
            client.text(refresh(running.tokens.of("ada", Instant.now().plusSeconds(60))));
            assertTrue(client.readTextIs("result"));
            running.clockAhead.set(Duration.ofSeconds(60 + 31));
            assertEquals("close 4001 token expired", client.readClose().orElseThrow().toString());
        }
    }

    @Test
    @Tag("J21")
    void aTokenOfAnotherUserChangesNothing() throws IOException {
        try (var running = new RunningTransport();
                RawClient client = running.client().connect(running.tokens.of("ada", Instant.now().plusSeconds(60)))) {
            for (String other : List.of("bob", "Ada", "ada2")) {
                client.text(refresh(running.tokens.of(other)));
                String reply = client.readText();
                assertTrue(reply.contains("\"code\":\"token-of-another-user\",\"number\":1025"), reply);
                assertFalse(reply.contains("eyJ"), reply);
            }
            for (String bad : List.of(
                    running.tokens.of("ada", Instant.now().minusSeconds(60)), new TestTokens().of("ada"), "", "x",
                    "x".repeat(100_000))) {
                client.text(refresh(bad));
                String reply = client.readText();
                assertTrue(reply.contains("\"code\":\"unauthenticated\",\"number\":1019"), reply);
            }
            for (String message : List.of(
                    "{\"type\":\"token.refresh\",\"id\":\"r\"}",
                    "{\"type\":\"token.refresh\",\"id\":\"r\",\"token\":1}",
                    "{\"type\":\"token.refresh\",\"id\":\"r\",\"token\":\"x\",\"user\":\"bob\"}")) {
                client.text(message);
                assertTrue(client.readText().contains("\"code\":\"field-invalid\""));
            }
            running.clockAhead.set(Duration.ofSeconds(60 + 31));
            assertEquals("close 4001 token expired", client.readClose().orElseThrow().toString());
        }
    }

    @Test
    @Tag("J22")
    void theConnectionsOfARevokedTokenAreClosed() throws Exception {
        try (var running = new RunningTransport();
                RawClient other = running.client().connect(running.tokens.of("ada", Instant.now().plusSeconds(999)));
                RawClient bob = running.connect("bob")) {
            String token = running.tokens.of("ada");
            RawClient first = running.client().connect(token);
            RawClient second = running.client().connect(token);
            running.authority.revocations().revokeToken(token);
            for (RawClient client : List.of(first, second)) {
                assertEquals(REVOKED, client.readClose().orElseThrow().toString());
                client.close();
            }
            String refused = get(running, token);
            assertTrue(refused.startsWith("HTTP/1.1 401 "), refused);
            assertTrue(refused.contains("The token was revoked; get a new one."), refused);
            for (RawClient client : List.of(other, bob)) {
                client.text("{\"type\":\"ping\",\"id\":\"1\"}");
                assertTrue(client.readTextIs("pong"));
            }
            other.text(refresh(token));
            assertTrue(other.readText().contains("\"code\":\"unauthenticated\""));
        }
    }

    @Test
    @Tag("J22")
    void aRefreshedConnectionIsNotClosedWithItsOldToken() throws Exception {
        try (var running = new RunningTransport()) {
            String old = running.tokens.of("ada");
            try (RawClient client = running.client().connect(old); RawClient left = running.client().connect(old)) {
                client.text(refresh(running.tokens.of("ada", Instant.now().plusSeconds(900))));
                assertTrue(client.readTextIs("result"));
                running.authority.revocations().revokeToken(old);
                assertEquals(REVOKED, left.readClose().orElseThrow().toString());
                client.text("{\"type\":\"ping\",\"id\":\"1\"}");
                assertTrue(client.readTextIs("pong"));
            }
        }
    }

    @Test
    @Tag("J22")
    void aLogoutClosesAll() throws IOException {
        try (var running = new RunningTransport(); RawClient bob = running.connect("bob")) {
            String token = running.tokens.of("ada");
            String other = running.tokens.of("ada", Instant.now().plusSeconds(900));
            String later = TestTokens.claims("ada", Instant.now().getEpochSecond() + 600)
                    .replace("}", ",\"iat\":" + (Instant.now().getEpochSecond() + 20) + "}");
            String ahead = running.tokens.signed(TestTokens.HEADER, later);
            List<RawClient> clients = new ArrayList<>();
            for (String each : List.of(token, other, ahead, token)) {
                clients.add(running.client().connect(each));
            }

            String answer = request(running, "POST /logout", token);

            assertTrue(answer.startsWith("HTTP/1.1 200 "), answer);
            assertTrue(answer.endsWith("{\"loggedOut\":true}"), answer);
            for (RawClient client : clients) {
                assertEquals(REVOKED, client.readClose().orElseThrow().toString());
                client.close();
            }
            for (String each : List.of(token, other)) {
                assertTrue(get(running, each).startsWith("HTTP/1.1 401 "));
                assertTrue(request(running, "POST /logout", each).startsWith("HTTP/1.1 401 "));
            }
            bob.text("{\"type\":\"ping\",\"id\":\"1\"}");
            assertTrue(bob.readTextIs("pong"));
            assertTrue(get(running, ahead).startsWith("HTTP/1.1 200 "));
        }
    }

    @Test
    @Tag("J22")
    void otherOriginsCannotLogOut() throws IOException {
        try (var running = new RunningTransport()) {
            String token = running.tokens.of("ada");
            String answer = request(running, "POST /logout", token + "\r\nOrigin: https://evil.example");
            assertTrue(answer.startsWith("HTTP/1.1 403 "), answer);
            assertTrue(get(running, token).startsWith("HTTP/1.1 200 "));
            assertTrue(request(running, "GET /logout", token).startsWith("HTTP/1.1 404 "));
        }
    }

    @Test
    @Tag("J24")
    void aThousandConnectionsWithTheSameToken() throws IOException {
        try (var running = new RunningTransport()) {
            String token = running.tokens.of("ada");
            List<RawClient> admitted = new ArrayList<>();
            int refused = 0;
            for (int i = 0; i < 1_000; i++) {
                RawClient client = running.client();
                client.send(client.upgrade(token) + "\r\n");
                String head = client.readHead();
                if (head.startsWith("HTTP/1.1 101 ")) {
                    admitted.add(client);
                } else {
                    assertTrue(head.startsWith("HTTP/1.1 429 "), head);
                    refused++;
                    client.close();
                }
            }
            assertEquals(8, admitted.size());
            assertEquals(992, refused);
            running.connect("bob").close();
            for (RawClient client : admitted) {
                client.close();
            }
            running.awaitEmpty();
        }
    }

    @Test
    @Tag("J20")
    void withoutKeysEverybodyIsToldToComeAgain() throws IOException {
        int port;
        try (var taken = new KeyEndpoint()) {
            port = taken.port();
        }
        var address = URI.create("http://127.0.0.1:" + port + "/keys");
        try (var running = new RunningTransport(new KeyPlace.Address(address))) {
            String token = running.tokens.of("ada");
            Await.until("it was tried", () -> !running.authority.trouble().equals(
                    Optional.of("not-read-yet")));
            String response = get(running, token);
            assertTrue(response.startsWith("HTTP/1.1 503 "), response);
            assertTrue(response.contains("\"code\":\"keys-unavailable\",\"number\":2004"), response);
            assertTrue(response.contains("\r\nRetry-After: "), response);
            assertEquals(Optional.of("no-answer"), running.authority.trouble());

            try (var endpoint = new KeyEndpoint(port)) {
                endpoint.answerKeys(new JWKSet(running.tokens.key).toString());
                Await.until("the keys are there", () -> running.authority.trouble().isEmpty());
                running.connect("ada").close();
                assertTrue(get(running, new TestTokens().of("ada")).startsWith("HTTP/1.1 401 "));
            }
        }
    }

    @Test
    @Tag("J25")
    void nothingOfATokenComesIntoTheLog() throws Exception {
        PrintStream before = System.err;
        var log = new ByteArrayOutputStream();
        System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
        try (var running = new RunningTransport()) {
            String token = running.tokens.of("the-name-of-the-user");
            try (RawClient client = running.client().connect(token)) {
                client.text(refresh(token));
                client.readText();
                client.text(refresh(new TestTokens().of("somebody-else")));
                client.readText();
                client.text("{\"type\":\"token.refresh\",\"id\":\"r\",\"token\":\"" + token + "\",\"more\":1}");
                client.readText();
            }
            get(running, new TestTokens().of("somebody-else"));
            running.authority.revocations().revokeUser(new UserId(TestTokens.ISSUER, "somebody-else"));
            request(running, "POST /logout", token);
            get(running, token);
        } finally {
            System.setErr(before);
        }
        String text = log.toString(StandardCharsets.UTF_8);
        for (String secret : List.of("eyJ", "the-name-of-the-user", "somebody-else")) {
            assertFalse(text.contains(secret), text);
        }
        assertEquals(
                "TokenRefresh[id=1]", new ClientMessage.TokenRefresh("1", "eyJ").toString());
    }
}
