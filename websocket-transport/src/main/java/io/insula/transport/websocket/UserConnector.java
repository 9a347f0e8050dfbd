package io.insula.transport.websocket;

import java.util.Optional;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;

/** Where users' sockets come in, plain or over TLS. */
final class UserConnector extends ServerConnector {
    private static final int SOCKETS_BESIDE_CONNECTIONS = 1_000;
    private static final int ACCEPT_QUEUE = 1_024;

    private final SocketWatch watch;

    UserConnector(
            Server server,
            TransportSettings settings,
            TransportLimits limits,
            SocketWatch watch,
            Optional<TlsDoor> tls) {
        // Buffers that are kept to be used again still hold what users said, also those who have been erased. No
        // thread of its own waits for connections: an interrupt would close what it waits at for good.
        super(server, null, null, new ByteBufferPool.NonPooling(), 0, 1, factories(limits, tls));
        this.watch = watch;
        setHost(settings.address().getHostString());
        setPort(settings.address().getPort());
        setAcceptQueueSize(ACCEPT_QUEUE);
        setIdleTimeout(limits.times().handshake().toMillis());
        addBean(watch.handshakes());
        server.addConnector(this);
        int sockets = limits.connections().total() + SOCKETS_BESIDE_CONNECTIONS;
        server.addBean(new NetworkConnectionLimit(sockets, this));
    }

    private static ConnectionFactory[] factories(TransportLimits limits, Optional<TlsDoor> tls) {
        var http = new HttpConfiguration();
        http.setSendServerVersion(false);
        http.setSendDateHeader(false);
        http.setRequestHeaderSize(limits.http().headerBytes());
        http.setUriCompliance(UriCompliance.RFC3986);
        http.setUseInputDirectByteBuffers(false);
        http.setUseOutputDirectByteBuffers(false);
        // By which names the server is reached is asked of the Host header, as without TLS, and not of the certificate.
        http.addCustomizer(new SecureRequestCustomizer(false));
        var requests = new HttpConnectionFactory(http);
        if (tls.isEmpty()) {
            return new ConnectionFactory[]{requests};
        }
        return new ConnectionFactory[]{
                new SslConnectionFactory(tls.get().context(), requests.getProtocol()), requests
        };
    }

    @Override
    protected void onEndPointOpened(EndPoint opened) {
        super.onEndPointOpened(opened);
        watch.opened(opened);
    }

    @Override
    protected void onEndPointClosed(EndPoint closed) {
        watch.closed(closed);
        super.onEndPointClosed(closed);
    }
}
