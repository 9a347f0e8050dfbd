package io.insula.transport.websocket;

import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.server.Request;

/**
 * Lets pages of origins that were allowed read answers: a browser wants to hear of it, before some requests and with
 * every answer. Nobody is recognised by it, as the token comes with the request.
 */
final class ForeignPages {
    private static final String WANTED_METHOD = "Access-Control-Request-Method";
    private static final String METHODS = "GET, HEAD, POST, PATCH, DELETE";
    private static final String HEADERS =
            "Authorization, Content-Type, Last-Event-ID, X-Insula-Name, X-Insula-When-Closed,"
                    + " Tus-Resumable, Upload-Length, Upload-Metadata, Upload-Offset";
    private static final String READABLE = "Retry-After, WWW-Authenticate, Content-Disposition,"
            + " Location, Tus-Resumable, Tus-Version, Tus-Extension, Upload-Offset, Upload-Length, Upload-Expires";
    /** For how long a browser may remember what is allowed. */
    private static final long SECONDS = 600;

    private ForeignPages() {}

    /** Tells the browser that the page, which has been let in, may read the answer. */
    static void allow(Request request, HttpFields.Mutable answer) {
        answer.put(HttpHeader.VARY, HttpHeader.ORIGIN.asString());
        answer.put("Access-Control-Allow-Origin", request.getHeaders().get(HttpHeader.ORIGIN));
        answer.put("Access-Control-Expose-Headers", READABLE);
    }

    /** Whether a browser asks on behalf of a page what it may send. */
    static boolean isQuestion(Request request) {
        return HttpMethod.OPTIONS.is(request.getMethod())
                && request.getHeaders().contains(WANTED_METHOD);
    }

    /** Tells the browser what the page may send. */
    static void tell(HttpFields.Mutable answer) {
        answer.put("Access-Control-Allow-Methods", METHODS);
        answer.put("Access-Control-Allow-Headers", HEADERS);
        answer.put("Access-Control-Max-Age", SECONDS);
    }
}
