package io.insula.transport.websocket;

import io.insula.engine.api.ErrorCode;
import io.insula.engine.api.RefusedException;
import java.io.IOException;
import org.eclipse.jetty.http.HttpStatus;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a user can do about tokens over HTTP. Blocks until it is on the disk. */
final class TokenRequests {
    private static final Logger LOG = LoggerFactory.getLogger(TokenRequests.class);

    private final TokenAuthority tokens;
    private final LiveConnections live;
    private final ResponseBodies bodies;

    TokenRequests(TokenAuthority tokens, LiveConnections live, ResponseBodies bodies) {
        this.tokens = tokens;
        this.live = live;
        this.bodies = bodies;
    }

    /**
     * Revokes all tokens of the user, and closes all connections. It does not count as a message, since nobody who holds
     * a stolen token must be able to keep its owner from this; a token can do it once.
     */
    void logOut(Call call) throws RequestRefusedException {
        TokenCheck.Accepted token = tokens.users().authenticate(call.request());
        try {
            tokens.revocations().revokeAllOf(token);
        } catch (RefusedException why) {
            throw RequestRefusedException.of(why);
        } catch (IOException e) {
            LOG.error("revocation_failed failure={}", FailureTrace.of(e));
            throw new RequestRefusedException(
                    HttpStatus.INTERNAL_SERVER_ERROR_500,
                    ErrorCode.INTERNAL,
                    "The tokens could not be revoked; they are as valid as before. Try again.");
        }
        live.closeAllOf(token.user());
        call.answer(HttpStatus.OK_200, bodies.loggedOut());
    }
}
