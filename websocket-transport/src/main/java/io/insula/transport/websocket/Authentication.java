package io.insula.transport.websocket;

import io.insula.engine.api.ErrorCode;
import io.insula.engine.api.RefusedException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;

/** Finds out who sends a request: by one token, in a header. There is no other way in. */
final class Authentication {
    /** What a browser puts before the token when it offers it as a subprotocol. */
    static final String TOKEN_PROTOCOL = "bearer.";

    private static final String SCHEME = "Bearer ";

    private final List<TokenVerifier> verifiers;

    /**
     * Makes one.
     *
     * @param verifiers tried in this order until one accepts the token; what the last one says counts
     */
    Authentication(TokenVerifier... verifiers) {
        this.verifiers = List.of(verifiers);
    }

    /** For requests other than the upgrade. */
    TokenCheck.Accepted authenticate(Request request) throws RequestRefusedException {
        return authenticate(request, List.of());
    }

    /**
     * For the upgrade.
     *
     * @param protocols the subprotocols offered, of which one may carry the token
     */
    TokenCheck.Accepted authenticate(Request request, List<String> protocols) throws RequestRefusedException {
        List<String> tokens = new ArrayList<>();
        for (String value : request.getHeaders().getValuesList(HttpHeader.AUTHORIZATION)) {
            if (!value.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
                throw unauthenticated("Only \"Authorization: Bearer TOKEN\" is understood.");
            }
            tokens.add(value.substring(SCHEME.length()).strip());
        }
        for (String protocol : protocols) {
            if (protocol.startsWith(TOKEN_PROTOCOL)) {
                tokens.add(protocol.substring(TOKEN_PROTOCOL.length()));
            }
        }
        if (tokens.isEmpty()) {
            throw unauthenticated("A token is needed, as \"Authorization: Bearer TOKEN\".");
        }
        if (tokens.size() > 1) {
            throw unauthenticated("Several tokens were sent; send one.");
        }
        return switch (check(tokens.getFirst())) {
            case TokenCheck.Accepted accepted -> accepted;
            case TokenCheck.Rejected rejected -> throw unauthenticated(rejected.why());
            case TokenCheck.Undecided(Duration retryAfter) -> throw RequestRefusedException.of(undecided(retryAfter));
        };
    }

    /** What there is to say of a token. */
    TokenCheck check(String token) {
        TokenCheck check = new TokenCheck.Rejected("No token is accepted here.");
        for (TokenVerifier verifier : verifiers) {
            check = verifier.check(token);
            if (check instanceof TokenCheck.Accepted) {
                return check;
            }
        }
        return check;
    }

    /** Nobody can be let in, or kept out for good, while keys are missing. */
    static RefusedException undecided(Duration retryAfter) {
        return RefusedException.retryAfter(
                ErrorCode.KEYS_UNAVAILABLE, "The keys to check the token with are not there; try again later.",
                retryAfter);
    }

    private static RequestRefusedException unauthenticated(String detail) {
        return new RequestRefusedException(HttpStatus.UNAUTHORIZED_401, ErrorCode.UNAUTHENTICATED, detail);
    }
}
