package io.insula.app;

import io.insula.transport.websocket.TransportSettings.Page;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Map;

/** The pages that are shown to everybody who opens the server's address; they hold no data of any user. */
final class ConsolePages {
    private ConsolePages() {}

    /** The pages by their path. */
    static Map<String, Page> all() {
        return Map.of(
                "/", page("index.html", "text/html; charset=utf-8"),
                "/console/start.css", page("start.css", "text/css; charset=utf-8"),
                "/console/start.js", page("start.js", "text/javascript; charset=utf-8"),
                "/console/icon.svg", page("icon.svg", "image/svg+xml"));
    }

    private static Page page(String name, String mediaType) {
        try (var stream = ConsolePages.class.getResourceAsStream("console/" + name)) {
            if (stream == null) {
                throw new IllegalStateException("the resource console/" + name + " is missing");
            }
            return new Page(mediaType, ByteBuffer.wrap(stream.readAllBytes()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
