package io.insula.transport.websocket;

import io.insula.agent.UserId;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * By what a token is known again when it has been revoked. Marks are digests: nobody can read a name or a token out of
 * them.
 *
 * @param token marks of the token itself: of what was signed, and of its id if it has one
 * @param user the mark of all tokens of its user
 * @param issuedAt when it was issued, if it says so
 */
record TokenMarks(List<String> token, String user, Optional<Instant> issuedAt) {
    static TokenMarks of(String token, UserId user, Optional<String> id, Optional<Instant> issuedAt) {
        String signed = ofSigned(token);
        List<String> marks = id.isPresent() ? List.of(signed, ofId(user.issuer(), id.get())) : List.of(signed);
        return new TokenMarks(marks, ofUser(user), issuedAt);
    }

    /** The mark of what was signed: the signature itself can be written in two ways. */
    static String ofSigned(String token) {
        return digest("token", token.substring(0, token.lastIndexOf('.')));
    }

    /** The mark of the tokens of an issuer with this id. */
    static String ofId(String issuer, String id) {
        return digest("id", issuer, id);
    }

    /** The mark of all tokens of a user. */
    static String ofUser(UserId user) {
        return digest("user", user.issuer(), user.subject());
    }

    /** Each part goes in with its length, so that no two lists of parts look alike. */
    private static String digest(String... parts) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (String part : parts) {
                byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
                digest.update((bytes.length + ":").getBytes(StandardCharsets.US_ASCII));
                digest.update(bytes);
            }
            return Base64.getUrlEncoder().withoutPadding().encodeToString(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
