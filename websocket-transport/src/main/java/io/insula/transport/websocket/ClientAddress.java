package io.insula.transport.websocket;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.QuotedCSV;
import org.eclipse.jetty.server.Request;

/**
 * Tells from which address a request comes, also through proxies. Only what a known proxy says is believed, and of that
 * only what it added itself: whatever stands before it, the client may have written.
 */
final class ClientAddress {
    private static final String FOR = "for=";
    private static final int MOST_PROXIES = 16;

    private final Set<InetAddress> proxies;

    ClientAddress(Set<InetAddress> proxies) {
        this.proxies = proxies;
    }

    /** The address as text; {@code unknown} if there is none any more. */
    String of(Request request) {
        if (!(request.getConnectionMetaData().getRemoteSocketAddress() instanceof InetSocketAddress peer)) {
            return "unknown";
        }
        return of(peer.getAddress(), request.getHeaders().getValuesList(HttpHeader.FORWARDED));
    }

    /**
     * The same.
     *
     * @param peer the other end of the socket
     * @param forwarded values of the header that tells who was passed on
     */
    String of(InetAddress peer, List<String> forwarded) {
        InetAddress client = peer;
        if (!proxies.contains(client)) {
            return client.getHostAddress();
        }
        List<String> passed = new QuotedCSV(true, forwarded.toArray(new String[0])).getValues();
        for (int i = passed.size() - 1; i >= Math.max(0, passed.size() - MOST_PROXIES); i--) {
            Optional<InetAddress> before = node(passed.get(i));
            if (before.isEmpty()) {
                break;
            }
            client = before.get();
            if (!proxies.contains(client)) {
                break;
            }
        }
        return client.getHostAddress();
    }

    /** The address after {@code for=} of one element, without its port. Empty if it is hidden or no address. */
    private static Optional<InetAddress> node(String element) {
        for (String pair : element.split(";", MOST_PROXIES)) {
            String stripped = pair.strip();
            if (stripped.toLowerCase(Locale.ROOT).startsWith(FOR)) {
                return address(stripped.substring(FOR.length()).replace("\"", ""));
            }
        }
        return Optional.empty();
    }

    private static Optional<InetAddress> address(String node) {
        String host = node;
        if (node.startsWith("[")) {
            host = node.substring(1, Math.max(1, node.indexOf(']')));
        } else if (node.indexOf(':') == node.lastIndexOf(':') && node.indexOf(':') > 0) {
            host = node.substring(0, node.indexOf(':'));
        }
        try {
            return Optional.of(InetAddress.ofLiteral(host));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
