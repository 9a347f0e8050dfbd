package io.insula.transport.websocket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.nimbusds.jose.jwk.JWK;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class KnownSignaturesTest {
    private static final Instant NOW = Instant.parse("2026-11-01T12:00:00Z");

    private final TestTokens tokens = new TestTokens();
    private final JWK key = tokens.key;
    private final JWK otherKey = new TestTokens().key;
    private final KnownSignatures known = new KnownSignatures();
    private final AtomicInteger checks = new AtomicInteger();

    private boolean good(JWK with, String token) {
        return known.isGood(with, token, () -> checks.incrementAndGet() > 0);
    }

    @Test
    void aGoodSignatureIsCheckedOnce() {
        assertTrue(good(key, "a.b.c"));
        assertTrue(good(key, "a.b.c"));
        assertEquals(1, checks.get());
    }

    @Test
    void anotherTokenAndAnotherKeyAreCheckedByThemselves() {
        assertTrue(good(key, "a.b.c"));
        assertTrue(good(key, "a.b.d"));
        assertTrue(good(otherKey, "a.b.c"));
        assertEquals(3, checks.get());
        assertFalse(known.isGood(key, "a.b.e", () -> false));
    }

    @Test
    void aBadSignatureIsNotRemembered() {
        assertFalse(known.isGood(key, "a.b.c", () -> false));
        assertTrue(good(key, "a.b.c"));
        assertEquals(1, checks.get());
    }

    @Test
    void theOneThatWasUsedLongestAgoIsForgotten() {
        for (int i = 0; i < KnownSignatures.MOST; i++) {
            good(key, "token " + i);
        }
        good(key, "token 0");
        assertEquals(KnownSignatures.MOST, checks.get());
        good(key, "one more");
        good(key, "token 0");
        good(key, "token 2");
        assertEquals(KnownSignatures.MOST + 1, checks.get());
        good(key, "token 1");
        assertEquals(KnownSignatures.MOST + 2, checks.get());
    }

    @Test
    void everythingElseAboutAKnownTokenIsLookedAtAgain() {
        var now = new AtomicReference<>(NOW);
        var verifier = tokens.verifier(tokens.rules(), TokenLimits.defaults(), now::get);
        long ends = NOW.plusSeconds(60).getEpochSecond();
        String token = tokens.signed(TestTokens.HEADER, TestTokens.claims("ada", ends));
        assertInstanceOf(TokenCheck.Accepted.class, verifier.check(token));
        assertInstanceOf(TokenCheck.Accepted.class, verifier.check(token));
        String[] parts = token.split("\\.", -1);
        String forged = parts[0] + "."
                + TestTokens.encode(TestTokens.claims("bob", ends).getBytes(StandardCharsets.UTF_8)) + "." + parts[2];
        assertInstanceOf(TokenCheck.Rejected.class, verifier.check(forged));
        now.set(NOW.plus(Duration.ofMinutes(5)));
        assertInstanceOf(TokenCheck.Rejected.class, verifier.check(token));
    }
}
