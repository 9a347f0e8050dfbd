package io.insula.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jwt.SignedJWT;
import io.insula.agent.UserId;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SigningKeyTest {
    @TempDir
    Path folder;

    private DataFolder data;

    @BeforeEach
    void openFolder() throws FailedException {
        data = DataFolder.open(folder.resolve("data"));
    }

    @Test
    void theFirstStartMakesAKeyThatOnlyItsOwnerCanReadAndTheNextFindsIt() throws Exception {
        var made = SigningKey.open(data);

        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(data.signingKey())));
        assertEquals(made.publicKey(), SigningKey.open(data).publicKey());
        assertFalse(made.publicKey().isPrivate());
    }

    @Test
    void aKeyThatOthersCanReadIsRefused() throws Exception {
        SigningKey.open(data);
        Files.setPosixFilePermissions(data.signingKey(), PosixFilePermissions.fromString("rw-r-----"));

        var refusal = assertThrows(FailedException.class, () -> SigningKey.open(data));

        assertTrue(String.valueOf(refusal.getMessage()).contains("chmod 600 " + data.signingKey()),
                refusal.getMessage());
    }

    @Test
    void aDamagedKeyIsRefusedWithoutShowingIt() throws Exception {
        SigningKey.open(data);
        Files.writeString(data.signingKey(), "{\"kty\":\"EC\",\"d\":\"secret\"");

        var refusal = assertThrows(FailedException.class, () -> SigningKey.open(data));

        assertFalse(String.valueOf(refusal.getMessage()).contains("secret"));
    }

    @Test
    void tokensAreSignedAndNameUserAudienceAndEnd() throws Exception {
        var key = SigningKey.open(data);

        var token = SignedJWT.parse(
                key.token(new UserId("insula", "ada"), "here", CommandRun.NOW, Duration.ofDays(1)));

        assertTrue(token.verify(new ECDSAVerifier(key.publicKey())));
        assertEquals(JWSAlgorithm.ES256, token.getHeader().getAlgorithm());
        assertEquals(key.publicKey().getKeyID(), token.getHeader().getKeyID());
        assertEquals("insula", token.getJWTClaimsSet().getIssuer());
        assertEquals("ada", token.getJWTClaimsSet().getSubject());
        assertEquals(List.of("here"), token.getJWTClaimsSet().getAudience());
        assertFalse(token.getJWTClaimsSet().getJWTID().isEmpty());
        assertEquals(CommandRun.NOW, token.getJWTClaimsSet().getIssueTime().toInstant());
        assertEquals(CommandRun.NOW.plus(Duration.ofDays(1)), token.getJWTClaimsSet().getExpirationTime().toInstant());
    }
}
