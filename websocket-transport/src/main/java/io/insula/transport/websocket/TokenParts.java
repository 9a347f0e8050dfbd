package io.insula.transport.websocket;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/**
 * A signed JWT, taken apart. Nothing in it is to be believed before its signature is checked.
 *
 * @param header the header
 * @param claims the body
 */
record TokenParts(Claims header, Claims claims) {
    private static final int PARTS = 3;

    /** Takes a token apart; empty if it is none, or longer than any that is looked at. */
    static Optional<TokenParts> of(String token) {
        if (token.length() > TokenVerifier.MAX_TOKEN_BYTES) {
            return Optional.empty();
        }
        String[] parts = token.split("\\.", -1);
        if (parts.length != PARTS || decodeBytes(parts[2]).isEmpty()) {
            return Optional.empty();
        }
        var reader = new ClaimsReader();
        Optional<Claims> header = decode(parts[0]).flatMap(reader::read);
        Optional<Claims> claims = decode(parts[1]).flatMap(reader::read);
        return header.isEmpty() || claims.isEmpty()
                ? Optional.empty()
                : Optional.of(new TokenParts(header.get(), claims.get()));
    }

    private static Optional<String> decode(String part) {
        return decodeBytes(part).flatMap(TokenParts::strictText);
    }

    /** Only the one encoding of the bytes: a token must not have a second form under which it would look unknown. */
    private static Optional<byte[]> decodeBytes(String part) {
        if (part.isEmpty()) {
            return Optional.empty();
        }
        try {
            byte[] bytes = Base64.getUrlDecoder().decode(part);
            String again = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
            return again.equals(part) ? Optional.of(bytes) : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static Optional<String> strictText(byte[] utf8) {
        try {
            return Optional.of(StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(utf8)).toString());
        } catch (CharacterCodingException e) {
            return Optional.empty();
        }
    }
}
