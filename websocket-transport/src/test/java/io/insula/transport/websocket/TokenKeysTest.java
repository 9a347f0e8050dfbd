package io.insula.transport.websocket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKMatcher;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.OctetSequenceKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The test's own thread beats, and its own clock tells the time. */
class TokenKeysTest {
    private static final TokenLimits.Keys LIMITS = new TokenLimits.Keys(
            Duration.ofMinutes(5), Duration.ofSeconds(5), Duration.ofSeconds(10), Duration.ofMillis(500), 4_096, 3,
            Duration.ofMinutes(10), Duration.ofHours(1));
    private static final Duration SOON = Duration.ofSeconds(1);

    @TempDir
    Path folder;

    private final AtomicLong nanos = new AtomicLong(-77);
    private final ECKey old = key("old");
    private final ECKey current = key("current");
    private KeyEndpoint endpoint;
    private TokenKeys keys;

    @BeforeEach
    void start() throws IOException {
        endpoint = new KeyEndpoint();
        endpoint.answerKeys(set(old));
        keys = keys(new KeyPlace.Address(endpoint.address()));
    }

    @AfterEach
    void stop() throws IOException {
        endpoint.gate.countDown();
        keys.close();
        endpoint.close();
    }

    private TokenKeys keys(KeyPlace place) {
        return new TokenKeys(place, LIMITS, nanos::get, Thread.ofPlatform().daemon().factory());
    }

    private static ECKey key(String id) {
        try {
            return new ECKeyGenerator(Curve.P_256).keyID(id).generate();
        } catch (com.nimbusds.jose.JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String set(JWK... keys) {
        return new JWKSet(List.of(keys)).toString();
    }

    private static JWKMatcher named(String id) {
        return JWKMatcher.forJWSHeader(new JWSHeader.Builder(JWSAlgorithm.ES256).keyID(id).build());
    }

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
        keys.beat();
    }

    private void assertFound(int count, String id) {
        assertEquals(count, assertFound(id).keys().size(), id);
    }

    private TokenKeys.Finding.Found assertFound(String id) {
        return org.junit.jupiter.api.Assertions.assertInstanceOf(TokenKeys.Finding.Found.class, keys.find(named(id)));
    }

    private void assertUnavailable(Duration retryAfter, String id) {
        assertEquals(new TokenKeys.Finding.Unavailable(retryAfter), keys.find(named(id)), id);
    }

    @Test
    @Tag("J20")
    void downAtTheStart() {
        assertUnavailable(SOON, "old");
        endpoint.answer(500, new byte[0], "");
        keys.beat();
        assertUnavailable(SOON, "old");
        assertEquals(Optional.of(KeyTrouble.STATUS_NOT_200), keys.trouble());

        endpoint.answerKeys(set(old));
        pass(LIMITS.retry().minusNanos(1));
        assertUnavailable(SOON, "old");
        pass(Duration.ofNanos(1));
        assertFound(1, "old");
        assertEquals(Optional.empty(), keys.trouble());
        assertEquals(2, endpoint.fetches.get());
    }

    @Test
    @Tag("J20")
    void aKeyThatIsGoneIsAcceptedWithinItsGrace() {
        keys.beat();
        endpoint.answerKeys(set(current));
        pass(LIMITS.refresh());
        assertFound(1, "current");
        assertFound(1, "old");

        nanos.addAndGet(LIMITS.grace().toNanos() - 1);
        assertFound(1, "old");
        nanos.addAndGet(1);
        keys.beat();
        assertFound(0, "old");
        assertFound(1, "current");
    }

    @Test
    @Tag("J20")
    void aKeyThatComesBackIsThere() {
        keys.beat();
        endpoint.answerKeys(set(current));
        pass(LIMITS.refresh());
        endpoint.answerKeys(set(current, old));
        pass(LIMITS.refresh());
        pass(LIMITS.grace());
        assertFound(1, "old");
    }

    @Test
    @Tag("J20")
    void keysThatAreGoneAreBounded() {
        for (int i = 0; i < 6; i++) {
            endpoint.answerKeys(set(key("k" + i)));
            pass(i == 0 ? Duration.ZERO : Duration.ofMinutes(5));
        }
        KnownKeys known = KnownKeys.none();
        for (int i = 0; i < 6; i++) {
            known = known.read(new JWKSet(key("k" + i)), i, LIMITS.grace(), 3);
        }
        assertEquals(3, known.gone().size());
        assertTrue(known.gone().keySet().stream().noneMatch(key -> List.of("k0", "k1").contains(key.getKeyID())));
    }

    @Test
    @Tag("J20")
    void downLater() throws IOException {
        keys.beat();
        endpoint.close();
        pass(LIMITS.refresh());
        assertFound(1, "old");
        assertUnavailable(LIMITS.retry(), "never seen");
        assertEquals(Optional.empty(), keys.trouble());

        nanos.addAndGet(LIMITS.outage().minus(LIMITS.refresh()).toNanos());
        assertFound(1, "old");
        nanos.addAndGet(1);
        assertUnavailable(LIMITS.retry(), "old");
        assertEquals(Optional.of(KeyTrouble.NO_ANSWER), keys.trouble());

        try (var again = new KeyEndpoint(endpoint.port())) {
            again.answerKeys(set(old));
            pass(LIMITS.retry());
            assertFound(1, "old");
            assertEquals(Optional.empty(), keys.trouble());
        }
    }

    @Test
    @Tag("J20")
    void slow() {
        keys.beat();
        endpoint.gate = new CountDownLatch(1);
        long begin = System.nanoTime();
        pass(LIMITS.refresh());
        long tookMillis = Duration.ofNanos(System.nanoTime() - begin).toMillis();
        assertTrue(tookMillis >= 400 && tookMillis < 10_000, () -> tookMillis + " ms");
        assertFound(1, "old");
        nanos.addAndGet(LIMITS.outage().toNanos());
        assertEquals(Optional.of(KeyTrouble.TOO_SLOW), keys.trouble());
    }

    @Test
    @Tag("J20")
    void huge() {
        String set = set(old);
        endpoint.answerKeys(set + " ".repeat(LIMITS.mostBytes() - set.length() + 1));
        keys.beat();
        assertEquals(Optional.of(KeyTrouble.BROKEN_OR_TOO_LARGE), keys.trouble());
        endpoint.answerKeys(set + " ".repeat(LIMITS.mostBytes() - set.length()));
        pass(LIMITS.retry());
        assertEquals(Optional.empty(), keys.trouble());
    }

    @Test
    @Tag("J20")
    void manyKeys() {
        endpoint.answerKeys(set(key("1"), key("2"), key("3"), key("4")));
        keys.beat();
        assertEquals(Optional.of(KeyTrouble.TOO_MANY_KEYS), keys.trouble());
        endpoint.answerKeys(set(key("1"), key("2"), key("3")));
        pass(LIMITS.retry());
        assertEquals(Optional.empty(), keys.trouble());
    }

    @ParameterizedTest
    @Tag("J20")
    @ValueSource(strings = {"", "[]", "{}", "{\"keys\":{}}", "<html>", "{\"keys\":[]}", "{\"keys\":[{}]}", "null"})
    void noKeys(String answer) {
        endpoint.answerKeys(answer);
        keys.beat();
        assertTrue(keys.trouble().isPresent());
    }

    @Test
    @Tag("J20")
    void deepNesting() {
        endpoint.answerKeys("[".repeat(4_000));
        keys.beat();
        assertEquals(Optional.of(KeyTrouble.NOT_A_KEY_SET), keys.trouble());
    }

    @Test
    @Tag("J19")
    void sharedSecrets() {
        endpoint.answer(
                200,
                new JWKSet(List.of(old, new OctetSequenceKey.Builder(new byte[32]).keyID("s").build())).toString(false)
                        .getBytes(StandardCharsets.UTF_8),
                "");
        keys.beat();
        assertEquals(Optional.of(KeyTrouble.SHARED_SECRET), keys.trouble());
    }

    @Test
    @Tag("J20")
    void redirects() throws IOException {
        try (var other = new KeyEndpoint()) {
            other.answerKeys(set(old));
            endpoint.answer(302, new byte[0], "Location: " + other.address() + "\r\n");
            keys.beat();
            assertEquals(Optional.of(KeyTrouble.STATUS_NOT_200), keys.trouble());
            assertEquals(0, other.fetches.get());
        }
    }

    @Test
    @Tag("J4")
    @Tag("J20")
    void unknownKeysAreLookedForButNotTooOften() {
        keys.beat();
        for (int i = 0; i < 100; i++) {
            assertFound(0, "unknown-" + i);
        }
        keys.beat();
        assertEquals(1, endpoint.fetches.get());

        nanos.addAndGet(LIMITS.retry().toNanos());
        endpoint.answerKeys(set(old, current));
        for (int i = 0; i < 100; i++) {
            assertUnavailable(SOON, "unknown-" + i);
        }
        keys.beat();
        keys.beat();
        assertEquals(2, endpoint.fetches.get());
        assertFound(1, "current");
        assertFound(0, "unknown-1");
        pass(LIMITS.retry());
        assertEquals(2, endpoint.fetches.get());
    }

    @Test
    @Tag("J20")
    void files() throws IOException {
        Path file = folder.resolve("keys.json");
        Files.writeString(file, set(old));
        keys.close();
        keys = keys(new KeyPlace.File(file));
        keys.beat();
        assertFound(1, "old");

        Files.writeString(file, set(current));
        pass(LIMITS.look().minusNanos(1));
        assertFound(0, "current");
        pass(Duration.ofNanos(1));
        assertFound(1, "current");
        assertFound(1, "old");

        Files.delete(file);
        pass(LIMITS.look());
        assertFound(1, "current");
        nanos.addAndGet(LIMITS.outage().toNanos());
        assertEquals(Optional.of(KeyTrouble.NO_FILE), keys.trouble());
        Files.writeString(file, set(current) + " ".repeat(LIMITS.mostBytes()));
        pass(LIMITS.retry());
        assertEquals(Optional.of(KeyTrouble.TOO_LARGE), keys.trouble());
        Files.writeString(file, set(current));
        pass(LIMITS.retry());
        assertEquals(Optional.empty(), keys.trouble());
    }

    @Test
    @Tag("J19")
    void aFileThatCannotBeUsedIsAnErrorAtTheStart() throws IOException {
        List<KeyPlace> places = new ArrayList<>();
        places.add(new KeyPlace.File(folder.resolve("none")));
        places.add(new KeyPlace.File(folder));
        places.add(new KeyPlace.File(Files.writeString(folder.resolve("text"), "text")));
        String secret = "{\"keys\":[{\"kty\":\"oct\",\"k\":\"c2VjcmV0\"}]}";
        places.add(new KeyPlace.File(Files.writeString(folder.resolve("secret"), secret)));
        for (KeyPlace place : places) {
            try (var started = keys(place)) {
                var refusal = assertThrows(IOException.class, started::start);
                assertTrue(!String.valueOf(refusal.getMessage()).contains("c2VjcmV0"));
            }
        }
    }

    @ParameterizedTest
    @Tag("J5")
    @ValueSource(strings = {
            "http://login.example/keys", "ftp://127.0.0.1/keys", "file:///etc/passwd", "https:///keys", "keys",
            "https://user:password@login.example/keys", "http://127.0.0.1.evil.example/keys",
            "https://login.example/keys#x"})
    void addressesThatOthersCouldAnswerAreRefused(String address) {
        assertThrows(IllegalArgumentException.class, () -> new KeyPlace.Address(URI.create(address)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://login.example/keys?v=1", "http://localhost:1/", "http://[::1]:1/k"})
    void addressesOfWhichNobodyElseCanAnswerAreTaken(String address) {
        assertEquals(URI.create(address), new KeyPlace.Address(URI.create(address)).address());
    }
}
