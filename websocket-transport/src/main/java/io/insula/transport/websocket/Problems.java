package io.insula.transport.websocket;

import io.insula.engine.api.ErrorCode;
import io.insula.engine.api.RefusedException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers requests with bodies: ours, and a problem for whatever the library refuses before us. */
final class Problems implements Request.Handler {
    private static final Logger LOG = LoggerFactory.getLogger(Problems.class);
    private static final Map<String, String> EVERYWHERE = Map.of(
            "X-Content-Type-Options", "nosniff",
            "Referrer-Policy", "no-referrer",
            "Cache-Control", "no-store",
            "X-Frame-Options", "DENY",
            "Cross-Origin-Opener-Policy", "same-origin",
            "Cross-Origin-Resource-Policy", "same-origin",
            "Content-Security-Policy",
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self';"
                    + " connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'");

    private final ResponseBodies bodies;
    private final UnreadContent unread;
    private final Consumer<ErrorCode> refused;

    /**
     * Makes one.
     *
     * @param refused told of every request that is refused
     */
    Problems(ResponseBodies bodies, UnreadContent unread, Consumer<ErrorCode> refused) {
        this.bodies = bodies;
        this.unread = unread;
        this.refused = refused;
    }

    /** Puts on a response what every response has. */
    static void secure(HttpFields.Mutable headers) {
        EVERYWHERE.forEach((name, value) -> headers.put(name, value));
    }

    void answer(Response response, Callback callback, int status, String mediaType, ByteBuffer body) {
        response.setStatus(status);
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, mediaType);
        response.getHeaders().put(HttpHeader.CONTENT_LENGTH, body.remaining());
        response.write(true, body, callback);
    }

    /** Refuses a request for what has failed; only what was made for the peer is told. */
    void refuse(Response response, Callback callback, Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        switch (cause) {
            case RequestRefusedException why -> refuse(response, callback, why);
            case RefusedException why -> refuse(response, callback, RequestRefusedException.of(why));
            default -> {
                LOG.error("request_failed failure={}", FailureTrace.of(cause));
                refuse(response, callback, internal(HttpStatus.INTERNAL_SERVER_ERROR_500));
            }
        }
    }

    /** Refuses a request when its content has come, as far as it is taken. */
    private void refuse(Response response, Callback callback, RequestRefusedException why) {
        refused.accept(why.code());
        Request request = response.getRequest();
        if (why.status() == HttpStatus.REQUEST_TIMEOUT_408) {
            // Its content is what did not come.
            refuse(response, callback, why, request.consumeAvailable());
        } else {
            unread.discard(request, whole -> refuse(response, callback, why, whole));
        }
    }

    private void refuse(Response response, Callback callback, RequestRefusedException why, boolean whole) {
        if (why.status() == HttpStatus.UNAUTHORIZED_401) {
            response.getHeaders().put(HttpHeader.WWW_AUTHENTICATE, "Bearer");
        }
        if (why.status() == HttpStatus.UPGRADE_REQUIRED_426) {
            response.getHeaders().put(HttpHeader.UPGRADE, "websocket");
            response.getHeaders().put(HttpHeader.SEC_WEBSOCKET_VERSION, "13");
        }
        // Whole seconds, rounded up: a client that waits as long as it was told must not be refused again.
        why.retryAfter().ifPresent(wait -> response.getHeaders().put(HttpHeader.RETRY_AFTER, wait.toSeconds() + 1));
        if (!whole) {
            // The socket is closed behind this: a client that is not told sends its next request into nothing.
            response.getHeaders().put(HttpHeader.CONNECTION, "close");
        }
        byte[] body = bodies.problem(
                why.status(), title(why.status()), why.code(), why.detail(), why.resumeFrom());
        answer(response, callback, why.status(), "application/problem+json", ByteBuffer.wrap(body));
    }

    /** What the library refuses: only the status is told, since its own words may quote the request. */
    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        int status = response.getStatus();
        secure(response.getHeaders());
        boolean internal = status >= HttpStatus.INTERNAL_SERVER_ERROR_500;
        RequestRefusedException why = internal
                ? internal(status)
                : new RequestRefusedException(
                        status, ErrorCode.REQUEST_INVALID, "The request is not one that is understood here.");
        refuse(response, callback, why, request.consumeAvailable());
        return true;
    }

    private static RequestRefusedException internal(int status) {
        return new RequestRefusedException(status, ErrorCode.INTERNAL, "Something went wrong inside.");
    }

    private static String title(int status) {
        String title = HttpStatus.getMessage(status);
        return title == null ? "" : title;
    }
}
