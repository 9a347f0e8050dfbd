package io.insula.transport.websocket;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Signature;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Set;

/** Makes tokens, also such as no library would make. */
final class TestTokens {
    static final String ISSUER = "https://issuer.example";
    static final String AUDIENCE = "insula";
    static final String HEADER = "{\"alg\":\"ES256\",\"kid\":\"k1\",\"typ\":\"JWT\"}";

    final ECKey key;

    TestTokens() {
        try {
            key = new ECKeyGenerator(Curve.P_256).keyID("k1").generate();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    TokenRules rules() {
        return rules(new KeyPlace.Given(new JWKSet(key)));
    }

    static TokenRules rules(KeyPlace keys) {
        return new TokenRules(ISSUER, AUDIENCE, Set.of("ES256"), keys);
    }

    /** Decides by our key, and keeps what is revoked in a new file. */
    TokenAuthority authority(InstantSource clock) {
        return authority(rules(), clock);
    }

    /** Decides by such rules; operators may have tokens of our key too. */
    TokenAuthority authority(TokenRules rules, InstantSource clock) {
        return new TokenAuthority(
                rules, rules(), TokenLimits.defaults(), revocations(clock), clock, System::nanoTime,
                Thread.ofPlatform().daemon().name("keys-", 0).factory());
    }

    /** Decides by our key alone, without a port. */
    TokenVerifier verifier(TokenRules rules, TokenLimits limits, InstantSource clock) {
        var keys = new TokenKeys(rules.keys(), limits.keys(), System::nanoTime, Thread.ofPlatform().factory());
        return new TokenVerifier(rules, limits, keys, revocations(clock), clock);
    }

    /** Revokes in a new file. */
    static TokenRevocations revocations(InstantSource clock) {
        try {
            Path folder = Files.createTempDirectory("insula-revocations");
            folder.toFile().deleteOnExit();
            Path file = folder.resolve("revocations");
            file.toFile().deleteOnExit();
            return TokenRevocations.open(file, TokenLimits.defaults(), clock);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String of(String subject) {
        return of(subject, Instant.now().plusSeconds(600));
    }

    String of(String subject, Instant expiry) {
        return signed(HEADER, claims(subject, expiry.getEpochSecond()));
    }

    String ofOperator(String subject) {
        String claims = claims(subject, Instant.now().plusSeconds(600).getEpochSecond());
        return signed(HEADER, claims.replace("}", ",\"roles\":[\"other\",\"operator\"]}"));
    }

    static String claims(String subject, long expiry) {
        return "{\"iss\":\"" + ISSUER + "\",\"aud\":\"" + AUDIENCE + "\",\"sub\":\"" + subject + "\",\"exp\":" + expiry
                + "}";
    }

    /** Whatever the header and body say, signed with our key as ES256. */
    String signed(String header, String body) {
        String content = encode(header.getBytes(StandardCharsets.UTF_8)) + "."
                + encode(body.getBytes(StandardCharsets.UTF_8));
        return content + "." + encode(signature(content));
    }

    byte[] signature(String content) {
        try {
            Signature signature = Signature.getInstance("SHA256withECDSAinP1363Format");
            signature.initSign(key.toECPrivateKey());
            signature.update(content.getBytes(StandardCharsets.US_ASCII));
            return signature.sign();
        } catch (GeneralSecurityException | JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    static String encode(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
