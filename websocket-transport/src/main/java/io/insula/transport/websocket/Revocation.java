package io.insula.transport.websocket;

import java.time.Instant;
import java.util.Optional;

/**
 * A mark whose tokens are not accepted any more, as one line of the file.
 *
 * @param mark of a token, or of a user
 * @param issuedUntil of a user's tokens, those issued until then are meant; {@link Instant#MAX} for a token's own mark
 * @param until when all of them have expired
 */
record Revocation(String mark, Instant issuedUntil, Instant until) {
    private static final String FORM = "[A-Za-z0-9_-]{43} (-|[0-9]{1,12}) [0-9]{1,12}";
    private static final String ALWAYS = "-";

    /** Whether a token with this mark is meant. One that does not say when it was issued, is. */
    boolean isMeant(Optional<Instant> issuedAt) {
        return issuedAt.isEmpty() || !issuedAt.get().isAfter(issuedUntil);
    }

    /** The line, without its end. */
    String line() {
        String issued = issuedUntil.equals(Instant.MAX) ? ALWAYS : Long.toString(issuedUntil.getEpochSecond());
        return mark + " " + issued + " " + until.getEpochSecond();
    }

    /** Reads a line; empty if it is none. */
    static Optional<Revocation> parse(String line) {
        if (!line.matches(FORM)) {
            return Optional.empty();
        }
        String[] parts = line.split(" ", -1);
        Instant issued = parts[1].equals(ALWAYS) ? Instant.MAX : Instant.ofEpochSecond(Long.parseLong(parts[1]));
        return Optional.of(new Revocation(parts[0], issued, Instant.ofEpochSecond(Long.parseLong(parts[2]))));
    }
}
