package io.insula.transport.websocket;

import io.insula.agent.UserId;
import io.insula.engine.api.ErrorCode;
import io.insula.engine.api.RefusedException;
import java.io.IOException;
import java.util.List;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How operators revoke tokens. Blocks until it is on the disk. */
final class RevocationRequests {
    private static final Logger LOG = LoggerFactory.getLogger(RevocationRequests.class);

    private final TokenAuthority tokens;
    private final RequestBody bodies;

    RevocationRequests(TokenAuthority tokens, RequestBody bodies) {
        this.tokens = tokens;
        this.bodies = bodies;
    }

    /** Does what the body says: one of {@code token}, {@code tokenId} and {@code subject}. */
    void revoke(Request request) throws RequestRefusedException {
        MessageMembers body = bodies.read(request, RequestBody.MAX_BYTES, List.of("token", "tokenId", "subject"));
        try {
            if (body.has("token") && !body.has("tokenId") && !body.has("subject")) {
                tokens.revocations().revokeToken(body.text("token"));
            } else if (body.has("tokenId") && !body.has("token") && !body.has("subject")) {
                tokens.revocations().revokeId(tokens.issuer(), body.text("tokenId"));
            } else if (body.has("subject") && !body.has("token") && !body.has("tokenId")) {
                tokens.revocations().revokeUser(user(body));
            } else {
                throw body.invalid("Give one of \"token\", \"tokenId\" and \"subject\".");
            }
            LOG.info("tokens_revoked revocations={}", tokens.revocations().size());
        } catch (UnreadableMessage e) {
            throw RequestBody.refused(e);
        } catch (RefusedException why) {
            throw RequestRefusedException.of(why);
        } catch (IOException e) {
            LOG.error("revocation_failed failure={}", FailureTrace.of(e));
            throw new RequestRefusedException(
                    HttpStatus.INTERNAL_SERVER_ERROR_500,
                    ErrorCode.INTERNAL,
                    "It could not be written, so nothing was revoked; the log knows more.");
        }
    }

    private UserId user(MessageMembers body) throws UnreadableMessage {
        String subject = body.text("subject");
        try {
            return new UserId(tokens.issuer(), subject);
        } catch (IllegalArgumentException e) {
            throw body.invalid("\"subject\" cannot be a user's name.");
        }
    }
}
