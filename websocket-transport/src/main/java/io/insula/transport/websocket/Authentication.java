package io.insula.transport.websocket;

import io.insula.engine.api.ErrorCode;
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

    private final TokenVerifier verifier;

    Authentication(TokenVerifier verifier) {
        this.verifier = verifier;
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
        if (request.getHttpURI().getQuery() != null) {
            throw new RequestRefusedException(
                    HttpStatus.BAD_REQUEST_400,
                    ErrorCode.REQUEST_INVALID,
                    "This address takes no query. A token in an address ends in logs: if you sent one, do not use it"
                            + " any more.");
        }
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
        return switch (verifier.check(tokens.getFirst())) {
            case TokenCheck.Accepted accepted -> accepted;
            case TokenCheck.Rejected rejected -> throw unauthenticated(rejected.why());
        };
    }

    private static RequestRefusedException unauthenticated(String detail) {
        return new RequestRefusedException(HttpStatus.UNAUTHORIZED_401, ErrorCode.UNAUTHENTICATED, detail);
    }
}
