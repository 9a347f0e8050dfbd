package io.insula.app;

import java.net.URI;
import java.util.function.Supplier;

/**
 * Where the terminal client connects, and as whom.
 *
 * @param server the address of the server, {@code http} or {@code https}, without a path
 * @param token gives a token that is valid now
 */
record Account(URI server, Supplier<String> token) {
    /** The address of something at the server. */
    URI http(String path) {
        return server.resolve(path);
    }

    /** The address for the WebSocket. */
    URI webSocket() {
        return URI.create(server.resolve("/ws").toString().replaceFirst("^http", "ws"));
    }

    /** Reads an address as it is typed. */
    static URI parse(String text) throws FailedException {
        try {
            var uri = URI.create(text.strip().replaceFirst("^ws(s?):", "http$1:"));
            var path = uri.getRawPath();
            if (("http".equals(uri.getScheme()) || "https".equals(uri.getScheme())) && uri.getHost() != null
                    && (path == null || path.isEmpty() || path.equals("/") || path.equals("/ws"))
                    && uri.getRawUserInfo() == null) {
                return URI.create(uri.getScheme() + "://" + uri.getRawAuthority() + "/");
            }
        } catch (IllegalArgumentException e) {
            throw notAnAddress(text, e);
        }
        throw notAnAddress(text, new IllegalArgumentException("not http or https, or with a path"));
    }

    private static FailedException notAnAddress(String text, Exception cause) {
        return new FailedException(
                "\"" + PrintableText.line(text, 200)
                        + "\" is not the address of a server, such as http://127.0.0.1:8080.",
                cause);
    }
}
