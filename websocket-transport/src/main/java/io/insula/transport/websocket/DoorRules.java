package io.insula.transport.websocket;

import io.insula.engine.api.ErrorCode;
import java.net.InetSocketAddress;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;

/**
 * Which names of the server, and which pages, requests may come by. A browser sends both headers truly: so a page of
 * somebody else cannot talk to us, not even one whose name was made to resolve to our address.
 */
final class DoorRules {
    private static final List<String> LOOPBACK_NAMES = List.of("localhost", "127.0.0.1", "[::1]");
    private static final int DEFAULT_HTTP_PORT = 80;
    private static final int DEFAULT_HTTPS_PORT = 443;

    private final boolean isLoopback;
    private final boolean isOverTls;
    private final Set<String> hosts;
    private final Set<String> origins;

    DoorRules(TransportSettings settings) {
        this(settings.address(), settings.origins(), settings.hosts(), settings.tls().isPresent());
    }

    DoorRules(InetSocketAddress address, Set<String> origins, Set<String> hosts, boolean isOverTls) {
        this.isOverTls = isOverTls;
        isLoopback = address.getAddress() != null && address.getAddress().isLoopbackAddress();
        this.hosts = lowerCase(hosts);
        this.origins = lowerCase(origins);
    }

    void checkHost(Request request) throws RequestRefusedException {
        Optional<String> host = single(request, HttpHeader.HOST);
        if (host.isEmpty() || !isServed(host.get(), Request.getLocalPort(request))) {
            throw new RequestRefusedException(
                    HttpStatus.FORBIDDEN_403,
                    ErrorCode.FORBIDDEN,
                    "The server is not reached by this name; the operator can allow it as a host.");
        }
    }

    /** A request without an origin is from a program, which no other page can steer. */
    void checkOrigin(Request request) throws RequestRefusedException {
        List<String> given = request.getHeaders().getValuesList(HttpHeader.ORIGIN);
        if (given.isEmpty()) {
            return;
        }
        Optional<String> host = single(request, HttpHeader.HOST);
        if (given.size() > 1 || host.isEmpty() || !isAllowed(given.getFirst(), host.get())) {
            throw new RequestRefusedException(
                    HttpStatus.FORBIDDEN_403,
                    ErrorCode.FORBIDDEN,
                    "Pages of this origin may not connect; the operator can allow it as an origin.");
        }
    }

    /** Whether a page of another origin, which the operator has allowed, sends the request. */
    boolean isForeignPage(Request request) {
        Optional<String> origin = single(request, HttpHeader.ORIGIN);
        return origin.isPresent() && origins.contains(origin.get().toLowerCase(Locale.ROOT));
    }

    private boolean isServed(String given, int port) {
        String host = given.toLowerCase(Locale.ROOT);
        if (hosts.contains(host)) {
            return true;
        }
        if (!isLoopback) {
            return hosts.isEmpty();
        }
        for (String name : LOOPBACK_NAMES) {
            if (host.equals(name + ":" + port) || (port == defaultPort() && host.equals(name))) {
                return true;
            }
        }
        return false;
    }

    private int defaultPort() {
        return isOverTls ? DEFAULT_HTTPS_PORT : DEFAULT_HTTP_PORT;
    }

    /** Without TLS there may be a proxy that speaks it, so that our own pages have either origin. */
    private boolean isAllowed(String given, String host) {
        String origin = given.toLowerCase(Locale.ROOT);
        String name = host.toLowerCase(Locale.ROOT);
        return origins.contains(origin)
                || origin.equals("https://" + name)
                || (!isOverTls && origin.equals("http://" + name));
    }

    private static Optional<String> single(Request request, HttpHeader header) {
        List<String> values = request.getHeaders().getValuesList(header);
        return values.size() == 1 ? Optional.of(values.getFirst()) : Optional.empty();
    }

    private static Set<String> lowerCase(Set<String> values) {
        Set<String> lower = new HashSet<>();
        for (String value : values) {
            lower.add(value.toLowerCase(Locale.ROOT));
        }
        return Set.copyOf(lower);
    }
}
