package io.insula.transport.websocket;

import io.insula.engine.api.ErrorCode;
import io.insula.engine.api.RefusedException;
import java.time.Duration;
import java.time.Instant;

/**
 * The token under which a connection is open. A newer one of the same user can take its place. Safe for any number of
 * threads.
 */
final class ConnectionToken {
    private final TokenAuthority tokens;
    private volatile TokenCheck.Accepted current;

    ConnectionToken(TokenAuthority tokens, TokenCheck.Accepted first) {
        this.tokens = tokens;
        current = first;
    }

    /**
     * Takes a token in the place of the one that holds.
     *
     * @return when it ends
     * @throws RefusedException if it is not good, or another user's; the one before goes on to hold
     */
    Instant refresh(String token) throws RefusedException {
        return switch (tokens.users().check(token)) {
            case TokenCheck.Accepted accepted when !accepted.user()
                    .equals(current.user()) -> throw new RefusedException(
                            ErrorCode.TOKEN_OF_ANOTHER_USER,
                            "The token is another user's. The connection goes on under the old one.");
            case TokenCheck.Accepted accepted -> {
                current = accepted;
                yield accepted.until();
            }
            case TokenCheck.Rejected(String why) -> throw new RefusedException(ErrorCode.UNAUTHENTICATED, why);
            case TokenCheck.Undecided(Duration retryAfter) -> throw Authentication.undecided(retryAfter);
        };
    }

    boolean hasEnded(Instant now) {
        return !current.until().isAfter(now);
    }

    boolean isRevoked() {
        return tokens.revocations().isRevoked(current.marks());
    }
}
