package io.insula.transport.websocket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;

/** No token is good but one that was signed, to the letter; and whatever is signed is read without a fault. */
final class TokenTarget {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final TestTokens TOKENS = new TestTokens();
    private static final String GOOD = TOKENS.of("ada", NOW.plusSeconds(60));

    private final TokenVerifier verifier =
            TOKENS.verifier(TOKENS.rules(), TokenLimits.defaults(), InstantSource.fixed(NOW));

    /** The first byte says what the rest is: a token, a piece of one, a head and claims to be signed, or claims. */
    void run(byte[] data) {
        if (data.length < 3) {
            return;
        }
        String rest = new String(data, 3, data.length - 3, StandardCharsets.UTF_8);
        int from = Byte.toUnsignedInt(data[1]) * GOOD.length() / 255;
        int to = Math.min(GOOD.length(), from + Byte.toUnsignedInt(data[2]));
        int line = rest.indexOf('\n');
        switch (Math.floorMod(data[0], 4)) {
            case 0 -> check(rest);
            case 1 -> check(GOOD.substring(0, from) + rest + GOOD.substring(to));
            case 2 -> checkSigned(rest.substring(0, Math.max(0, line)), rest.substring(line + 1));
            default -> checkSigned(TestTokens.HEADER, rest);
        }
    }

    private void check(String token) {
        TokenCheck check = verifier.check(token);
        if (token.equals(GOOD)) {
            assertTrue(check instanceof TokenCheck.Accepted, check.toString());
        } else {
            assertConstant(check);
        }
    }

    /** What our own key has signed may be any nonsense: it is read by the same rules. */
    private void checkSigned(String header, String claims) {
        switch (verifier.check(TOKENS.signed(header, claims))) {
            case TokenCheck.Accepted accepted -> {
                assertEquals(TestTokens.ISSUER, accepted.user().issuer());
                assertTrue(accepted.until().isAfter(NOW), accepted.toString());
            }
            case TokenCheck.Rejected rejected -> assertConstant(rejected);
            case TokenCheck.Undecided undecided -> throw new AssertionError(undecided);
        }
    }

    private static void assertConstant(TokenCheck check) {
        if (!(check instanceof TokenCheck.Rejected(String why))) {
            throw new AssertionError(check);
        }
        assertTrue(why.length() < 200 && why.chars().allMatch(c -> c >= ' ' && c < 127), why);
    }
}
