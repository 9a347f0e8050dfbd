package io.insula.transport.websocket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.nimbusds.jose.jwk.Curve;
import io.insula.agent.UserId;
import io.insula.engine.api.ErrorCode;
import io.insula.engine.api.RefusedException;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokenRevocationsTest {
    private static final UserId ADA = new UserId(TestTokens.ISSUER, "ada");
    private static final TokenCheck REVOKED = new TokenCheck.Rejected("The token was revoked; get a new one.");

    @TempDir
    Path folder;

    private final TestTokens tokens = new TestTokens();
    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-11-01T12:00:00.700Z"));
    private Path file;
    private TokenRevocations revocations;
    private TokenVerifier verifier;

    @BeforeEach
    void open() throws IOException {
        file = folder.resolve("revocations");
        reopen(TokenLimits.defaults());
    }

    @AfterEach
    void close() throws IOException {
        revocations.close();
    }

    private void reopen(TokenLimits limits) throws IOException {
        if (revocations != null) {
            revocations.close();
        }
        revocations = TokenRevocations.open(file, limits, now::get);
        var keys = new TokenKeys(
                tokens.rules().keys(), limits.keys(), System::nanoTime, Thread.ofPlatform().daemon().factory());
        verifier = new TokenVerifier(tokens.rules(), limits, keys, revocations, now::get);
    }

    private static TokenLimits most(int revocations) {
        TokenLimits limits = TokenLimits.defaults();
        return new TokenLimits(limits.clockSkew(), limits.longestLife(), revocations, limits.keys());
    }

    private String token(String subject, String more) {
        return tokens.signed(TestTokens.HEADER, TestTokens.claims(subject, now.get().getEpochSecond() + 600).replace(
                "}", more + "}"));
    }

    private String issued(long secondsAgo) {
        return token("ada", ",\"iat\":" + (now.get().getEpochSecond() - secondsAgo));
    }

    private void accepted(String token) {
        assertInstanceOf(TokenCheck.Accepted.class, verifier.check(token));
    }

    private void revoked(String token) {
        assertEquals(REVOKED, verifier.check(token));
    }

    @Test
    @Tag("J22")
    void aRevokedTokenIsRefused() throws Exception {
        String token = token("ada", ",\"jti\":\"1\"");
        String other = token("ada", ",\"jti\":\"2\"");
        revocations.revokeToken(token);
        revoked(token);
        accepted(other);
        reopen(TokenLimits.defaults());
        revoked(token);
        accepted(other);
    }

    @Test
    @Tag("J22")
    void theOtherSignatureDoesNotBringItBack() throws Exception {
        String token = token("ada", "");
        String content = token.substring(0, token.lastIndexOf('.'));
        byte[] signature = Base64.getUrlDecoder().decode(token.substring(content.length() + 1));
        BigInteger s = new BigInteger(1, Arrays.copyOfRange(signature, 32, 64));
        byte[] flipped = Curve.P_256.toECParameterSpec().getOrder().subtract(s).toByteArray();
        byte[] second = Arrays.copyOf(signature, 64);
        Arrays.fill(second, 32, 64, (byte) 0);
        int length = Math.min(32, flipped.length);
        System.arraycopy(flipped, flipped.length - length, second, 64 - length, length);
        String twin = content + "." + TestTokens.encode(second);
        accepted(twin);

        revocations.revokeToken(token);

        revoked(twin);
    }

    @Test
    @Tag("J22")
    void tokensAreRevokedByTheirId() throws Exception {
        revocations.revokeId(TestTokens.ISSUER, "1");
        revoked(token("ada", ",\"jti\":\"1\""));
        revoked(token("bob", ",\"jti\":\"1\""));
        accepted(token("ada", ",\"jti\":\"11\""));
        accepted(token("ada", ""));
    }

    @Test
    @Tag("J22")
    void allTokensOfAUserUntilNowAreRevoked() throws Exception {
        revocations.revokeUser(ADA);
        revoked(issued(1));
        revoked(issued(0));
        accepted(issued(-1));
        revoked(token("ada", ""));
        accepted(token("bob", ""));
        accepted(token("Ada", ""));
        reopen(TokenLimits.defaults());
        revoked(issued(0));
        accepted(issued(-1));
    }

    @Test
    void aClockThatIsPutBackBringsNothingBack() throws Exception {
        String token = issued(0);
        revocations.revokeUser(ADA);
        now.set(now.get().minusSeconds(100));
        revocations.revokeUser(ADA);
        now.set(now.get().plusSeconds(100));
        revoked(token);
        reopen(TokenLimits.defaults());
        revoked(token);
    }

    @Test
    void aRevocationGoesWhenItsTokensHaveExpired() throws Exception {
        revocations.revokeToken(token("ada", ""));
        revocations.revokeUser(ADA);
        assertEquals(2, revocations.size());
        now.set(now.get().plus(Duration.ofSeconds(632)));
        reopen(TokenLimits.defaults());
        assertEquals(1, revocations.size());
        now.set(now.get().plus(TokenLimits.defaults().longestLife()).plusSeconds(40));
        reopen(TokenLimits.defaults());
        assertEquals(0, revocations.size());
        revocations.revokeId(TestTokens.ISSUER, "1");
        assertEquals(1, Files.readAllLines(file).size());
    }

    @Test
    void asManyAreKeptAsTheLimitSaysAndOneMoreIsRefused() throws Exception {
        reopen(most(2));
        revocations.revokeId(TestTokens.ISSUER, "1");
        revocations.revokeToken(token("ada", ""));
        revocations.revokeId(TestTokens.ISSUER, "1");
        var refusal =
                assertThrows(RefusedException.class, () -> revocations.revokeId(TestTokens.ISSUER, "2"));
        assertEquals(ErrorCode.REVOCATIONS_FULL, refusal.code());
        accepted(token("ada", ",\"jti\":\"2\""));

        now.set(now.get().plusSeconds(700));
        revocations.revokeId(TestTokens.ISSUER, "2");
        revoked(token("ada", ",\"jti\":\"2\""));
    }

    @Test
    void theFileIsItsOwnersAndHoldsNoNameAndNoToken() throws Exception {
        String token = token("ada", ",\"jti\":\"the-id\"");
        revocations.revokeToken(token);
        revocations.revokeUser(ADA);
        revocations.revokeId(TestTokens.ISSUER, "the-id");
        String text = Files.readString(file);
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        assertEquals(3, text.lines().count());
        assertFalse(text.contains("ada") || text.contains("eyJ") || text.contains("the-id"), text);
    }

    @Test
    void theFileDoesNotGrowWithEachRevocationOfTheSame() throws Exception {
        for (int i = 0; i < 2_500; i++) {
            revocations.revokeUser(ADA);
        }
        assertTrue(Files.readString(file).lines().count() < 1_100);
        revoked(issued(0));
    }

    @Test
    void aLineThatACrashCutShortIsNoneAndWhatIsNoRevocationIsAnError() throws Exception {
        revocations.revokeId(TestTokens.ISSUER, "1");
        String whole = Files.readString(file);
        revocations.close();
        Files.writeString(file, whole + "abc");
        reopen(TokenLimits.defaults());
        assertEquals(1, revocations.size());
        revocations.revokeId(TestTokens.ISSUER, "2");
        assertEquals(2, Files.readAllLines(file).size());
        reopen(TokenLimits.defaults());
        assertEquals(2, revocations.size());
        revocations.close();
        Files.writeString(file, "abc\n" + whole);
        assertThrows(IOException.class, () -> TokenRevocations.open(file, TokenLimits.defaults(), now::get));
    }

    @Test
    void whatIsNoTokenCannotBeRevoked() {
        var refusal = assertThrows(RefusedException.class, () -> revocations.revokeToken("no token"));
        assertEquals(ErrorCode.FIELD_INVALID, refusal.code());
    }
}
