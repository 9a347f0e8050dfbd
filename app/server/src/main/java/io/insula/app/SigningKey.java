package io.insula.app;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.insula.agent.UserId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/** The key with which this installation signs the tokens it makes: ES256, in a file that its owner alone can read. */
final class SigningKey {
    private static final Set<PosixFilePermission> OWNER =
            Set.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);
    private static final int MOST_BYTES = 8_192;

    private final ECKey key;

    private SigningKey(ECKey key) {
        this.key = key;
    }

    /**
     * Reads the key, and makes it if there is none. Processes that do this at once get the same key.
     *
     * @throws FailedException if others may read the file, or it holds no such key
     */
    static SigningKey open(DataFolder folder) throws FailedException {
        var file = folder.signingKey();
        try (var channel = DataFolder.openPrivate(file); var lock = channel.lock()) {
            if (!lock.isValid()) {
                throw new IOException("the lock on it was lost");
            }
            refuseIfShared(file);
            if (channel.size() == 0) {
                var made = make();
                var content = ByteBuffer.wrap(made.toJSONString().getBytes(StandardCharsets.UTF_8));
                while (content.hasRemaining()) {
                    channel.write(content);
                }
                channel.force(true);
                return new SigningKey(made);
            }
            var content = ByteBuffer.allocate(MOST_BYTES);
            channel.read(content);
            return new SigningKey(
                    parse(file, new String(content.array(), 0, content.position(), StandardCharsets.UTF_8)));
        } catch (IOException e) {
            throw new FailedException("The signing key " + file + " cannot be used (" + DataFolder.reason(e) + ").", e);
        }
    }

    /** The part of the key that anybody may know, with which tokens are checked. */
    ECKey publicKey() {
        return key.toPublicJWK();
    }

    /** Makes a token for a user, from {@code now} for {@code lifetime}. */
    String token(UserId user, String audience, Instant now, Duration lifetime) {
        return sign(claims(user, audience, now, lifetime).build());
    }

    /** Makes a token that also opens the port for operators. */
    String operatorToken(UserId user, String audience, Instant now, Duration lifetime) {
        return sign(claims(user, audience, now, lifetime).claim("roles", List.of("operator")).build());
    }

    private static JWTClaimsSet.Builder claims(UserId user, String audience, Instant now, Duration lifetime) {
        return new JWTClaimsSet.Builder().issuer(user.issuer()).subject(user.subject()).audience(audience)
                .jwtID(UUID.randomUUID().toString()).issueTime(Date.from(now))
                .expirationTime(Date.from(now.plus(lifetime)));
    }

    private String sign(JWTClaimsSet claims) {
        var token = new SignedJWT(new JWSHeader.Builder(JWSAlgorithm.ES256).keyID(key.getKeyID()).build(), claims);
        try {
            token.sign(new ECDSASigner(key));
        } catch (JOSEException e) {
            throw new IllegalStateException("a key that was checked does not sign", e);
        }
        return token.serialize();
    }

    private static void refuseIfShared(Path file) throws IOException, FailedException {
        if (!OWNER.containsAll(Files.getPosixFilePermissions(file))) {
            throw new FailedException(
                    "The signing key " + file + " can be read by others, who could then pass for any user. "
                            + "If nobody has, make it private: chmod 600 " + file
                            + ". Otherwise delete it; old tokens end with it.");
        }
    }

    private static ECKey make() {
        try {
            return new ECKeyGenerator(Curve.P_256).algorithm(JWSAlgorithm.ES256).keyUse(KeyUse.SIGNATURE)
                    .keyIDFromThumbprint(true).generate();
        } catch (JOSEException e) {
            throw new IllegalStateException("this JDK makes no P-256 keys", e);
        }
    }

    private static ECKey parse(Path file, String text) throws FailedException {
        try {
            var key = ECKey.parse(text);
            if (key.isPrivate() && Curve.P_256.equals(key.getCurve()) && key.getKeyID() != null) {
                return key;
            }
        } catch (ParseException e) {
            throw noKey(file, e);
        }
        throw noKey(file, new IllegalArgumentException("not a private P-256 key with an id"));
    }

    private static FailedException noKey(Path file, Exception cause) {
        // The content stays out of the message: it may be a damaged key.
        return new FailedException("The file " + file
                + " holds no signing key of Insula. Delete it to get a new one; old tokens end with it.", cause);
    }
}
