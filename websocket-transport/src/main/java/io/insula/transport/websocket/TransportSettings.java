package io.insula.transport.websocket;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Where the transport listens, whom it lets in, and the pages it shows.
 *
 * @param address where to listen; port 0 takes a free one
 * @param origins origins whose pages may connect besides the server's own, such as {@code https://chat.example.com}
 * @param hosts values of the {@code Host} header that are served besides the server's own, such as
 *     {@code chat.example.com}. Bound to loopback, the server's own are {@code localhost}, {@code 127.0.0.1} and
 *     {@code [::1]} with the port; bound elsewhere with none given, every host is served
 * @param pages what is shown without a token, by path; {@code /} is the start page
 * @param tokens decides whose a token is; started and closed by whoever made it
 * @param tls what the server proves its name with; without it, it speaks plain HTTP
 * @param proxies addresses from which others' requests are passed on: whom they name in {@code Forwarded} counts as the
 *     client. Nobody else is believed
 */
public record TransportSettings(
        InetSocketAddress address,
        Set<String> origins,
        Set<String> hosts,
        Map<String, Page> pages,
        TokenAuthority tokens,
        Optional<TlsFiles> tls,
        Set<InetAddress> proxies) {
    /** Copies the collections. */
    public TransportSettings {
        origins = Set.copyOf(origins);
        hosts = Set.copyOf(hosts);
        pages = Map.copyOf(pages);
        proxies = Set.copyOf(proxies);
    }

    /**
     * A page or an asset of one.
     *
     * @param mediaType such as {@code text/html; charset=utf-8}
     * @param content the bytes, read-only
     */
    public record Page(String mediaType, ByteBuffer content) {
        /** Takes what remains in the buffer, without copying. */
        public Page {
            content = content.slice().asReadOnlyBuffer();
        }

        /** The bytes, with a position of their own. */
        @Override
        public ByteBuffer content() {
            return content.duplicate();
        }
    }
}
