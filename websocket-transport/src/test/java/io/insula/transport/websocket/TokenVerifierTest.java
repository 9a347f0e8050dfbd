package io.insula.transport.websocket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.OctetSequenceKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import io.insula.agent.UserId;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;

class TokenVerifierTest {
    private static final Instant NOW = Instant.parse("2026-11-01T12:00:00Z");
    private static final long SOON = NOW.getEpochSecond() + 60;
    private static final int SKEW = 30;

    private final TestTokens tokens = new TestTokens();
    private final TokenVerifier verifier = new TokenVerifier(tokens.rules(), () -> NOW);

    @Test
    void aGoodTokenTellsWhoseItIsAndUntilWhen() {
        TokenCheck check = verifier.check(tokens.signed(TestTokens.HEADER, TestTokens.claims("ada", SOON)));
        assertEquals(
                new TokenCheck.Accepted(
                        new UserId(TestTokens.ISSUER, "ada"), Instant.ofEpochSecond(SOON).plusSeconds(SKEW), false),
                check);
    }

    @Test
    void otherAlgorithmsAreRefused() {
        String body = TestTokens.claims("ada", SOON);
        for (String algorithm : List.of("none", "None", "nOnE", "HS256", "RS256", "ES384", "es256", "")) {
            rejected(tokens.signed("{\"alg\":\"" + algorithm + "\"}", body));
        }
        rejected(tokens.signed("{\"typ\":\"JWT\"}", body));
        rejected(tokens.signed("{\"alg\":[\"ES256\"]}", body));
        rejected(TestTokens.encode("{\"alg\":\"none\"}".getBytes(StandardCharsets.UTF_8)) + "."
                + TestTokens.encode(body.getBytes(StandardCharsets.UTF_8)) + ".");
    }

    @Test
    void thePublicKeyIsNoSharedSecret() throws Exception {
        String content = TestTokens.encode("{\"alg\":\"HS256\",\"kid\":\"k1\"}".getBytes(StandardCharsets.UTF_8)) + "."
                + TestTokens.encode(TestTokens.claims("ada", SOON).getBytes(StandardCharsets.UTF_8));
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(tokens.key.toECPublicKey().getEncoded(), "HmacSHA256"));
        rejected(content + "." + TestTokens.encode(mac.doFinal(content.getBytes(StandardCharsets.US_ASCII))));
    }

    @Test
    void aSignatureOfZerosOrOfAnotherKeyOrCutShortIsRefused() {
        String good = tokens.signed(TestTokens.HEADER, TestTokens.claims("ada", SOON));
        String content = good.substring(0, good.lastIndexOf('.'));
        rejected(content + "." + TestTokens.encode(new byte[64]));
        rejected(new TestTokens().signed(TestTokens.HEADER, TestTokens.claims("ada", SOON)));
        rejected(good.substring(0, good.length() - 4));
        rejected(content + ".");
    }

    @Test
    void keysAreOnlyFoundByTheirNameAmongOurs() {
        String body = TestTokens.claims("ada", SOON);
        assertInstanceOf(TokenCheck.Accepted.class, verifier.check(tokens.signed("{\"alg\":\"ES256\"}", body)));
        for (String name : List.of("../../etc/passwd", "' or 1=1 --", "", "k2", "x".repeat(2_000))) {
            rejected(tokens.signed("{\"alg\":\"ES256\",\"kid\":\"" + name + "\"}", body));
        }
        rejected(tokens.signed("{\"alg\":\"ES256\",\"kid\":1}", body));
    }

    @Test
    void keysInTheTokenAndUnknownDemandsAreRefused() {
        String body = TestTokens.claims("ada", SOON);
        String own = new TestTokens().key.toPublicJWK().toJSONString();
        rejected(tokens.signed("{\"alg\":\"ES256\",\"jwk\":" + own + "}", body));
        rejected(tokens.signed("{\"alg\":\"ES256\",\"jku\":\"https://evil.example/k\"}", body));
        rejected(tokens.signed("{\"alg\":\"ES256\",\"x5u\":\"https://evil.example/k\"}", body));
        rejected(tokens.signed("{\"alg\":\"ES256\",\"x5c\":[\"AA==\"]}", body));
        rejected(tokens.signed("{\"alg\":\"ES256\",\"crit\":[\"exp\"]}", body));
        rejected(tokens.signed("{\"alg\":\"ES256\",\"typ\":\"dpop+jwt\"}", body));
    }

    @Test
    void issuerAndAudienceMustBeOurs() {
        rejected(claims("\"iss\":\"https://evil.example\",\"aud\":\"insula\",\"sub\":\"ada\",\"exp\":" + SOON));
        rejected(claims("\"iss\":[\"https://issuer.example\"],\"aud\":\"insula\",\"sub\":\"ada\",\"exp\":" + SOON));
        rejected(claims("\"aud\":\"insula\",\"sub\":\"ada\",\"exp\":" + SOON));
        rejected(ours("\"aud\":\"other\",\"sub\":\"ada\",\"exp\":" + SOON));
        rejected(ours("\"aud\":[\"other\"],\"sub\":\"ada\",\"exp\":" + SOON));
        rejected(ours("\"aud\":[\"insula\",1],\"sub\":\"ada\",\"exp\":" + SOON));
        rejected(ours("\"sub\":\"ada\",\"exp\":" + SOON));
        accepted(ours("\"aud\":[\"other\",\"insula\"],\"sub\":\"ada\",\"exp\":" + SOON));
    }

    @Test
    void theExpiryMustBeThereAndNotBePastTheSkew() {
        rejected(ours("\"aud\":\"insula\",\"sub\":\"ada\""));
        rejected(expiring(String.valueOf(NOW.getEpochSecond() - SKEW)));
        accepted(expiring(String.valueOf(NOW.getEpochSecond() - SKEW + 1)));
        accepted(expiring(String.valueOf(NOW.getEpochSecond())));
        for (String value : List.of(
                "\"" + SOON + "\"", SOON + ".5", "9223372036854775807", "9223372036854775808", "-1", "1e400", "null")) {
            rejected(expiring(value));
        }
    }

    @Test
    void aTokenOfTheFutureIsRefusedBeyondTheSkew() {
        for (String claim : List.of("nbf", "iat")) {
            String rest = "\"aud\":\"insula\",\"sub\":\"ada\",\"exp\":" + SOON + ",\"" + claim + "\":";
            accepted(ours(rest + (NOW.getEpochSecond() + SKEW)));
            rejected(ours(rest + (NOW.getEpochSecond() + SKEW + 1)));
            rejected(ours(rest + "\"1\""));
        }
    }

    @Test
    void theSubjectMustBeAUser() {
        String rest = "\"aud\":\"insula\",\"exp\":" + SOON;
        rejected(ours(rest));
        for (String subject : List.of(
                "\"\"", "[\"ada\"]", "1", "\"ada \"", "\" \"", "\"e\\u0301\"", "\"anonymous\"", "\"a\\u200bda\"",
                "\"a\\nda\"", "\"" + "x".repeat(256) + "\"")) {
            rejected(ours(rest + ",\"sub\":" + subject));
        }
        assertEquals("Ada", accepted(ours(rest + ",\"sub\":\"Ada\"")).user().subject());
    }

    @Test
    void doubledNamesAreRefused() {
        rejected(ours("\"aud\":\"insula\",\"sub\":\"ada\",\"sub\":\"bob\",\"exp\":" + SOON));
        rejected(ours("\"aud\":\"insula\",\"sub\":\"ada\",\"exp\":" + SOON + ",\"x\":{\"a\":1,\"a\":2}"));
        rejected(tokens.signed("{\"alg\":\"ES256\",\"alg\":\"none\"}", TestTokens.claims("ada", SOON)));
    }

    @Test
    void onlyTheOneFormOfATokenIsRead() {
        String good = tokens.signed(TestTokens.HEADER, TestTokens.claims("ada", SOON));
        accepted(good);
        String[] parts = good.split("\\.", -1);
        rejected(parts[0] + "." + parts[1]);
        rejected(good + ".");
        rejected(good + ".AA.AA");
        rejected(good + "=");
        rejected(" " + good);
        rejected(good + "\n");
        rejected(good.replace(parts[2], parts[2].substring(0, parts[2].length() - 1) + other(parts[2])));
        rejected("");
        rejected("..");
        rejected(tokens.signed(TestTokens.HEADER, "[]"));
        rejected(tokens.signed(TestTokens.HEADER, TestTokens.claims("ada", SOON) + "{}"));
    }

    @Test
    void aTokenBeyondItsLimitIsNotLookedAt() {
        String base = tokens.signed(TestTokens.HEADER, padded(0));
        int room = (TokenVerifier.MAX_TOKEN_BYTES - base.length()) * 3 / 4;
        String longest = tokens.signed(TestTokens.HEADER, padded(room));
        assertTrue(longest.length() > TokenVerifier.MAX_TOKEN_BYTES - 4
                && longest.length() <= TokenVerifier.MAX_TOKEN_BYTES);
        accepted(longest);
        rejected(tokens.signed(TestTokens.HEADER, padded(room + 4)));
        rejected("x".repeat(1 << 20));
    }

    @Test
    void rulesThatCannotBeKeptAreRefusedAtTheStart() throws Exception {
        JWKSet keys = new JWKSet(tokens.key);
        JWKSet secret = new JWKSet(new OctetSequenceKey.Builder(new byte[8]).build());
        assertThrows(IllegalArgumentException.class, () -> rules(Set.of("HS256"), keys));
        assertThrows(IllegalArgumentException.class, () -> rules(Set.of("none"), keys));
        assertThrows(IllegalArgumentException.class, () -> rules(Set.of(), keys));
        assertThrows(IllegalArgumentException.class, () -> rules(Set.of("ES256"), secret));
        assertThrows(IllegalArgumentException.class, () -> rules(Set.of("ES256"), new JWKSet()));
        assertTrue(rules(Set.of("ES256"), keys).keys().getKeys().stream().noneMatch(key -> key.isPrivate()));
    }

    @Test
    void aKeyOfAnotherCurveBesideOursDoesNotHideOurs() throws Exception {
        JWKSet keys = new JWKSet(List.of(new ECKeyGenerator(Curve.P_384).generate(), tokens.key));
        var both = new TokenVerifier(rules(Set.of("ES256", "ES384"), keys), () -> NOW);
        assertInstanceOf(
                TokenCheck.Accepted.class,
                both.check(tokens.signed("{\"alg\":\"ES256\"}", TestTokens.claims("ada", SOON))));
    }

    private static TokenRules rules(Set<String> algorithms, JWKSet keys) {
        return new TokenRules(TestTokens.ISSUER, TestTokens.AUDIENCE, algorithms, keys, Duration.ZERO);
    }

    private static String padded(int length) {
        return "{\"pad\":\"" + "x".repeat(length) + "\"," + TestTokens.claims("ada", SOON).substring(1);
    }

    /** The last character carries four bits that mean nothing: another one decodes to the same bytes. */
    private static char other(String part) {
        String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        return alphabet.charAt(alphabet.indexOf(part.charAt(part.length() - 1)) + 1);
    }

    private String claims(String members) {
        return tokens.signed(TestTokens.HEADER, "{" + members + "}");
    }

    private String ours(String members) {
        return claims("\"iss\":\"" + TestTokens.ISSUER + "\"," + members);
    }

    private String expiring(String value) {
        return ours("\"aud\":\"insula\",\"sub\":\"ada\",\"exp\":" + value);
    }

    private TokenCheck.Accepted accepted(String token) {
        return assertInstanceOf(TokenCheck.Accepted.class, verifier.check(token), token);
    }

    private void rejected(String token) {
        assertInstanceOf(TokenCheck.Rejected.class, verifier.check(token), token);
    }
}
