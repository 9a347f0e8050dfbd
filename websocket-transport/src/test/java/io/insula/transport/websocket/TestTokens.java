package io.insula.transport.websocket;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.Signature;
import java.time.Instant;
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
        return new TokenRules(
                ISSUER, AUDIENCE, Set.of("ES256"), new JWKSet(key), TokenRules.DEFAULT_CLOCK_SKEW);
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
