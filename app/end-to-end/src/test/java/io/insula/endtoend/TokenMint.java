package io.insula.endtoend;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPrivateKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Makes tokens with the key of an installation's data folder, by the JDK alone: hundreds a second. */
final class TokenMint {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

    private final PrivateKey key;
    private final String keyId;

    private TokenMint(PrivateKey key, String keyId) {
        this.key = key;
        this.keyId = keyId;
    }

    static TokenMint of(Path dataFolder) throws IOException, GeneralSecurityException {
        var jwk = JSON.readTree(Files.readString(dataFolder.resolve("signing-key.json")));
        var curve = AlgorithmParameters.getInstance("EC");
        curve.init(new ECGenParameterSpec("secp256r1"));
        var number = new BigInteger(1, Base64.getUrlDecoder().decode(jwk.path("d").asString()));
        var spec = new ECPrivateKeySpec(number, curve.getParameterSpec(ECParameterSpec.class));
        return new TokenMint(KeyFactory.getInstance("EC").generatePrivate(spec), jwk.path("kid").asString());
    }

    String token(String subject) {
        return token(subject, Duration.ofHours(1));
    }

    String token(String subject, Duration lifetime) {
        return sign(claims(subject, lifetime));
    }

    /** A token that also opens the port for operators. */
    String operatorToken(Duration lifetime) {
        return sign(Runs.with(claims("operator", lifetime), "roles", "operator"));
    }

    private static ObjectNode claims(String subject, Duration lifetime) {
        var now = Instant.now();
        return JSON.createObjectNode().put("iss", "insula").put("sub", subject).put("aud", "insula")
                .put("iat", now.getEpochSecond()).put("exp", now.plus(lifetime).getEpochSecond());
    }

    private String sign(ObjectNode claims) {
        var header = JSON.createObjectNode().put("alg", "ES256").put("kid", keyId);
        String content = encode(header.toString()) + "." + encode(claims.toString());
        try {
            var signature = Signature.getInstance("SHA256withECDSAinP1363Format");
            signature.initSign(key);
            signature.update(content.getBytes(StandardCharsets.US_ASCII));
            return content + "." + BASE64.encodeToString(signature.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK does not sign by ES256", e);
        }
    }

    private static String encode(String json) {
        return BASE64.encodeToString(json.getBytes(StandardCharsets.UTF_8));
    }
}
