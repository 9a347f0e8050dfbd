package io.insula.transport.websocket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.OctetSequenceKey;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import io.insula.agent.UserId;
import java.nio.charset.StandardCharsets;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.RSAPublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenVerifierTest {
    private static final Instant NOW = Instant.parse("2026-11-01T12:00:00Z");
    private static final long SOON = NOW.getEpochSecond() + 60;
    private static final int SKEW = 30;

    private static final String NOT_A_TOKEN = "The token is not a signed JWT.";
    private static final String BAD_HEADER =
            "The token is of another kind, or its header asks for what is not done here.";
    private static final String BAD_SIGNATURE =
            "The token is not signed with a key and algorithm that are accepted here.";
    private static final String BAD_CLAIMS = "A claim of the token is missing or has a wrong form.";
    private static final String OTHER_ISSUER = "The token is from another issuer or for another audience.";
    private static final String EXPIRED = "The token has expired; get a new one.";
    private static final String TOO_EARLY = "The token is not valid yet.";
    private static final String TOO_LONG_LIVED = "The token is valid for too long.";
    private static final String BAD_SUBJECT = "The token's subject cannot be the name of a user.";
    private static final String TOO_LONG = "The token is longer than 8192 bytes.";

    private final TestTokens tokens = new TestTokens();
    private final TokenVerifier verifier = tokens.verifier(tokens.rules(), TokenLimits.defaults(), () -> NOW);
    private final String good = tokens.signed(TestTokens.HEADER, TestTokens.claims("ada", SOON));
    private final String[] parts = good.split("\\.", -1);

    @Test
    void aGoodTokenTellsWhoseItIsAndUntilWhen() {
        TokenCheck.Accepted accepted = accepted(good);
        assertEquals(new UserId(TestTokens.ISSUER, "ada"), accepted.user());
        assertEquals(Instant.ofEpochSecond(SOON).plusSeconds(SKEW), accepted.until());
        assertFalse(accepted.operator());
    }

    @ParameterizedTest
    @Tag("J1")
    @ValueSource(strings = {"none", "None", "nOnE", "NONE", "", "es256", "ES384", "EdDSA"})
    void otherAlgorithmsAreRefused(String algorithm) {
        String header = "{\"alg\":\"" + algorithm + "\"}";
        rejected(BAD_SIGNATURE, tokens.signed(header, TestTokens.claims("ada", SOON)));
        rejected(NOT_A_TOKEN, encode(header) + "." + parts[1] + ".");
    }

    @Test
    @Tag("J1")
    void theAlgorithmIsOneName() {
        String body = TestTokens.claims("ada", SOON);
        rejected(BAD_SIGNATURE, tokens.signed("{\"typ\":\"JWT\"}", body));
        rejected(BAD_SIGNATURE, tokens.signed("{\"alg\":[\"ES256\"]}", body));
        rejected(BAD_SIGNATURE, tokens.signed("{\"alg\":null}", body));
    }

    @Test
    @Tag("J2")
    void thePublicKeyIsNoSharedSecret() throws Exception {
        RSAKey rsa = new RSAKeyGenerator(2_048).keyID("k1").generate();
        var rules = new TokenRules(
                TestTokens.ISSUER, TestTokens.AUDIENCE, Set.of("RS256", "ES256"),
                new KeyPlace.Given(new JWKSet(List.of(rsa, tokens.key))));
        var both = tokens.verifier(rules, TokenLimits.defaults(), () -> NOW);
        for (byte[] secret : List.of(
                rsa.toRSAPublicKey().getEncoded(),
                rsa.toPublicJWK().toJSONString().getBytes(StandardCharsets.UTF_8),
                tokens.key.toECPublicKey().getEncoded())) {
            String content = encode("{\"alg\":\"HS256\",\"kid\":\"k1\"}") + "." + parts[1];
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret, "HmacSHA256"));
            String signature = TestTokens.encode(mac.doFinal(content.getBytes(StandardCharsets.US_ASCII)));
            assertEquals(new TokenCheck.Rejected(BAD_SIGNATURE), both.check(content + "." + signature));
        }
        String content = encode("{\"alg\":\"RS256\",\"kid\":\"k1\"}") + "." + parts[1];
        Signature signature = Signature.getInstance("SHA256withRSA");
        signature.initSign(rsa.toPrivateKey());
        signature.update(content.getBytes(StandardCharsets.US_ASCII));
        assertInstanceOf(
                TokenCheck.Accepted.class, both.check(content + "." + TestTokens.encode(signature.sign())));
    }

    @Test
    @Tag("J3")
    void aSignatureOfZerosOrOfAnotherKeyOrCutShortIsRefused() {
        String content = parts[0] + "." + parts[1];
        rejected(BAD_SIGNATURE, content + "." + TestTokens.encode(new byte[64]));
        rejected(BAD_SIGNATURE, content + "." + TestTokens.encode(new byte[]{0x30, 6, 2, 1, 0, 2, 1, 0}));
        rejected(BAD_SIGNATURE, new TestTokens().signed(TestTokens.HEADER, TestTokens.claims("ada", SOON)));
        rejected(BAD_SIGNATURE, content + "." + TestTokens.encode(Arrays.copyOf(tokens.signature(content), 63)));
        rejected(NOT_A_TOKEN, content + ".");
    }

    @Test
    @Tag("J4")
    void keysAreOnlyFoundByTheirNameAmongOurs() {
        String body = TestTokens.claims("ada", SOON);
        accepted(tokens.signed("{\"alg\":\"ES256\"}", body));
        for (String name : List.of(
                "../../etc/passwd", "/dev/null", "' or 1=1 --", "", "k2", "K1", "k1 ", "k1\\u0000",
                "x".repeat(2_000))) {
            rejected(BAD_SIGNATURE, tokens.signed("{\"alg\":\"ES256\",\"kid\":\"" + name + "\"}", body));
        }
        rejected(BAD_SIGNATURE, tokens.signed("{\"alg\":\"ES256\",\"kid\":1}", body));
    }

    @Test
    @Tag("J5")
    void keysInTheTokenAreRefused() {
        String body = TestTokens.claims("ada", SOON);
        var attacker = new TestTokens();
        String own = attacker.key.toPublicJWK().toJSONString();
        for (String header : List.of(
                "\"jwk\":" + own, "\"jku\":\"https://evil.example/k\"", "\"x5u\":\"https://evil.example/k\"",
                "\"x5c\":[\"AA==\"]")) {
            rejected(BAD_HEADER, attacker.signed("{\"alg\":\"ES256\"," + header + "}", body));
            rejected(BAD_HEADER, tokens.signed("{\"alg\":\"ES256\"," + header + "}", body));
        }
    }

    @Test
    @Tag("J6")
    void unknownDemandsAreRefused() {
        String body = TestTokens.claims("ada", SOON);
        for (String header : List.of(
                "\"crit\":[\"exp\"]", "\"crit\":[\"b64\"],\"b64\":false", "\"crit\":[]", "\"crit\":1", "\"b64\":false",
                "\"crit\":[\"insula\"],\"insula\":1")) {
            rejected(BAD_HEADER, tokens.signed("{\"alg\":\"ES256\"," + header + "}", body));
        }
    }

    @Test
    @Tag("J7")
    void tokensOfAnotherKindAreRefused() {
        String body = TestTokens.claims("ada", SOON);
        for (String type : List.of("\"dpop+jwt\"", "\"logout+jwt\"", "\"id_token\"", "\"secevent+jwt\"", "\"\"", "1")) {
            rejected(BAD_HEADER, tokens.signed("{\"alg\":\"ES256\",\"typ\":" + type + "}", body));
        }
        for (String claim : List.of("\"at_hash\":\"x\"", "\"c_hash\":\"x\"", "\"events\":{}")) {
            rejected(BAD_HEADER, ours("\"aud\":\"insula\",\"sub\":\"ada\",\"exp\":" + SOON + "," + claim));
        }
        for (String type : List.of("JWT", "at+jwt", "application/at+JWT")) {
            accepted(tokens.signed("{\"alg\":\"ES256\",\"typ\":\"" + type + "\"}", body));
        }
    }

    @Test
    @Tag("J8")
    void theIssuerMustBeOurs() {
        String rest = "\"aud\":\"insula\",\"sub\":\"ada\",\"exp\":" + SOON;
        rejected(OTHER_ISSUER, claims("\"iss\":\"https://evil.example\"," + rest));
        rejected(OTHER_ISSUER, claims("\"iss\":\"https://issuer.example/\"," + rest));
        rejected(OTHER_ISSUER, claims("\"iss\":\"HTTPS://issuer.example\"," + rest));
        rejected(BAD_CLAIMS, claims("\"iss\":[\"https://issuer.example\"]," + rest));
        rejected(BAD_CLAIMS, claims(rest));
    }

    @Test
    @Tag("J9")
    void theAudienceMustBeOurs() {
        String rest = "\"sub\":\"ada\",\"exp\":" + SOON;
        rejected(OTHER_ISSUER, ours("\"aud\":\"other\"," + rest));
        rejected(OTHER_ISSUER, ours("\"aud\":\"insula2\"," + rest));
        rejected(OTHER_ISSUER, ours("\"aud\":[\"other\"]," + rest));
        rejected(OTHER_ISSUER, ours("\"aud\":[\"insula\",1]," + rest));
        rejected(OTHER_ISSUER, ours("\"aud\":[]," + rest));
        rejected(OTHER_ISSUER, ours("\"aud\":{\"insula\":1}," + rest));
        rejected(OTHER_ISSUER, ours(rest));
        accepted(ours("\"aud\":[\"other\",\"insula\"]," + rest));
    }

    @Test
    @Tag("J10")
    void theExpiryMustBeThere() {
        rejected(BAD_CLAIMS, ours("\"aud\":\"insula\",\"sub\":\"ada\""));
        rejected(BAD_CLAIMS, expiring("null"));
    }

    @Test
    @Tag("J11")
    void theExpiryMustNotBePastTheSkew() {
        rejected(EXPIRED, expiring("0"));
        rejected(EXPIRED, expiring(String.valueOf(NOW.getEpochSecond() - SKEW)));
        accepted(expiring(String.valueOf(NOW.getEpochSecond() - SKEW + 1)));
        accepted(expiring(String.valueOf(NOW.getEpochSecond())));
    }

    @ParameterizedTest
    @Tag("J12")
    @Tag("J13")
    @ValueSource(strings = {"nbf", "iat"})
    void aTokenOfTheFutureIsRefusedBeyondTheSkew(String claim) {
        String rest = "\"aud\":\"insula\",\"sub\":\"ada\",\"exp\":" + SOON + ",\"" + claim + "\":";
        accepted(ours(rest + (NOW.getEpochSecond() + SKEW)));
        rejected(TOO_EARLY, ours(rest + (NOW.getEpochSecond() + SKEW + 1)));
        rejected(BAD_CLAIMS, ours(rest + "\"1\""));
    }

    @ParameterizedTest
    @Tag("J14")
    @ValueSource(strings = {
            "\"1793534460\"", "1793534460.5", "1793534460.0", "9223372036854775807", "9223372036854775808", "-1",
            "1e400", "1e9", "[1793534460]", "true", "99999999999999999999999999999999999999"})
    void theExpiryIsAWholeNumber(String value) {
        TokenCheck.Rejected rejected = assertInstanceOf(TokenCheck.Rejected.class, verifier.check(expiring(value)));
        assertTrue(Set.of(BAD_CLAIMS, NOT_A_TOKEN).contains(rejected.why()), rejected.why());
    }

    @Test
    @Tag("J14")
    void aTokenMayNotBeValidForTooLong() {
        TokenLimits limits = TokenLimits.defaults();
        var strict = tokens.verifier(
                tokens.rules(),
                new TokenLimits(limits.clockSkew(), Duration.ofDays(1), limits.mostRevocations(), limits.keys()),
                () -> NOW);
        long last = NOW.plus(Duration.ofDays(1)).getEpochSecond();
        assertInstanceOf(TokenCheck.Accepted.class, strict.check(expiring(String.valueOf(last))));
        assertEquals(new TokenCheck.Rejected(TOO_LONG_LIVED), strict.check(expiring(String.valueOf(last + 1))));
    }

    @Test
    @Tag("J15")
    void theSubjectMustBeAUser() {
        String rest = "\"aud\":\"insula\",\"exp\":" + SOON;
        rejected(BAD_CLAIMS, ours(rest));
        for (String subject : List.of("[\"ada\"]", "1", "null", "{}")) {
            rejected(BAD_CLAIMS, ours(rest + ",\"sub\":" + subject));
        }
        for (String subject : List.of(
                "\"\"", "\"ada \"", "\" ada\"", "\" \"", "\"e\\u0301\"", "\"anonymous\"", "\"Null\"",
                "\"a\\u200bda\"", "\"a\\u202eda\"", "\"a\\nda\"", "\"" + "x".repeat(256) + "\"")) {
            rejected(BAD_SUBJECT, ours(rest + ",\"sub\":" + subject));
        }
        assertEquals("Ada", accepted(ours(rest + ",\"sub\":\"Ada\"")).user().subject());
        assertEquals("\u00e9", accepted(ours(rest + ",\"sub\":\"\\u00e9\"")).user().subject());
        assertEquals(255, accepted(ours(rest + ",\"sub\":\"" + "x".repeat(255) + "\"")).user().subject().length());
    }

    @Test
    @Tag("J16")
    void doubledNamesAreRefused() {
        rejected(NOT_A_TOKEN, ours("\"aud\":\"insula\",\"sub\":\"ada\",\"sub\":\"bob\",\"exp\":" + SOON));
        rejected(NOT_A_TOKEN, ours("\"aud\":\"insula\",\"sub\":\"ada\",\"\\u0073ub\":\"bob\",\"exp\":" + SOON));
        rejected(NOT_A_TOKEN, ours("\"aud\":\"insula\",\"sub\":\"ada\",\"exp\":" + SOON + ",\"x\":{\"a\":1,\"a\":2}"));
        rejected(
                NOT_A_TOKEN,
                tokens.signed("{\"alg\":\"ES256\",\"alg\":\"none\"}", TestTokens.claims("ada", SOON)));
    }

    @Test
    @Tag("J17")
    void onlyTheOneFormOfATokenIsRead() {
        String last = parts[2].substring(0, parts[2].length() - 1);
        for (String token : List.of(
                "", "..", parts[0] + "." + parts[1], good + ".", good + ".AA", good + ".AA.AA", good + "=",
                " " + good, good + " ", good + "\n", good.replace(".", " ."), good.replace('.', ','),
                good.replace(parts[2], last + other(parts[2])), parts[0] + "=." + parts[1] + "." + parts[2],
                "a+/b." + parts[1] + "." + parts[2])) {
            rejected(NOT_A_TOKEN, token);
        }
        rejected(NOT_A_TOKEN, tokens.signed(TestTokens.HEADER, "[]"));
        rejected(NOT_A_TOKEN, tokens.signed(TestTokens.HEADER, TestTokens.claims("ada", SOON) + "{}"));
        rejected(NOT_A_TOKEN, tokens.signed(TestTokens.HEADER, ""));
    }

    @Test
    @Tag("J18")
    void aTokenBeyondItsLimitIsNotLookedAt() {
        String base = tokens.signed(TestTokens.HEADER, padded(0));
        int room = (TokenVerifier.MAX_TOKEN_BYTES - base.length()) * 3 / 4;
        String longest = tokens.signed(TestTokens.HEADER, padded(room));
        assertTrue(longest.length() > TokenVerifier.MAX_TOKEN_BYTES - 4
                && longest.length() <= TokenVerifier.MAX_TOKEN_BYTES);
        accepted(longest);
        rejected(TOO_LONG, tokens.signed(TestTokens.HEADER, padded(room + 4)));
        rejected(TOO_LONG, "x".repeat(1 << 20));
    }

    @Test
    @Tag("J18")
    void whatIsPackedIsNotUnpacked() {
        String header = "{\"alg\":\"dir\",\"enc\":\"A256GCM\",\"zip\":\"DEF\"}";
        rejected(NOT_A_TOKEN, encode(header) + "..AAAAAAAAAAAAAAAA." + "A".repeat(4_000) + ".AAAAAAAAAAAAAAAAAAAAAA");
        rejected(BAD_HEADER, tokens.signed("{\"alg\":\"ES256\",\"zip\":\"DEF\"}", TestTokens.claims("ada", SOON)));
        rejected(
                BAD_HEADER, tokens.signed("{\"alg\":\"ES256\",\"enc\":\"A256GCM\"}", TestTokens.claims("ada", SOON)));
        rejected(NOT_A_TOKEN, tokens.signed(TestTokens.HEADER, "[".repeat(4_000)));
        rejected(NOT_A_TOKEN, tokens.signed(TestTokens.HEADER, "{\"a\":".repeat(1_000)));
    }

    @Test
    @Tag("J19")
    void rulesThatCannotBeKeptAreRefusedAtTheStart() throws Exception {
        var pairs = KeyPairGenerator.getInstance("RSA");
        pairs.initialize(1_024);
        var weak = new RSAKey.Builder((RSAPublicKey) pairs.generateKeyPair().getPublic()).build();
        var keys = new ArrayList<JWKSet>();
        keys.add(new JWKSet());
        keys.add(new JWKSet(new OctetSequenceKey.Builder(new byte[8]).build()));
        keys.add(new JWKSet(new OctetSequenceKey.Builder(new byte[64]).build()));
        keys.add(new JWKSet(List.of(tokens.key, new OctetSequenceKey.Builder(new byte[64]).build())));
        keys.add(new JWKSet(weak));
        for (JWKSet set : keys) {
            assertThrows(IllegalArgumentException.class, () -> new KeyPlace.Given(set));
        }
        for (Set<String> algorithms : List.of(
                Set.of("HS256"), Set.of("ES256", "HS512"), Set.of("none"), Set.of("EdDSA"), Set.<String>of())) {
            assertThrows(IllegalArgumentException.class, () -> TokenRules.checkedAlgorithms(algorithms));
        }
        assertTrue(new KeyPlace.Given(new JWKSet(tokens.key)).keys().getKeys().stream().noneMatch(
                key -> key.isPrivate()));
    }

    @Test
    @Tag("J23")
    void tenantsAreKeptApartByIssuerAndAudience() {
        rejected(OTHER_ISSUER, claims("\"iss\":\"https://issuer.example/b\",\"aud\":\"insula\",\"sub\":\"ada\",\"exp\":"
                + SOON));
        rejected(OTHER_ISSUER, ours("\"aud\":\"tenant-b\",\"sub\":\"ada\",\"exp\":" + SOON));
    }

    @Test
    void aKeyOfAnotherCurveBesideOursDoesNotHideOurs() throws Exception {
        JWKSet keys = new JWKSet(List.of(new ECKeyGenerator(Curve.P_384).generate(), tokens.key));
        var rules = new TokenRules(
                TestTokens.ISSUER, TestTokens.AUDIENCE, Set.of("ES256", "ES384"), new KeyPlace.Given(keys));
        var both = tokens.verifier(rules, TokenLimits.defaults(), () -> NOW);
        assertInstanceOf(
                TokenCheck.Accepted.class,
                both.check(tokens.signed("{\"alg\":\"ES256\"}", TestTokens.claims("ada", SOON))));
    }

    private static String encode(String text) {
        return TestTokens.encode(text.getBytes(StandardCharsets.UTF_8));
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

    private void rejected(String why, String token) {
        assertEquals(new TokenCheck.Rejected(why), verifier.check(token), token);
    }
}
