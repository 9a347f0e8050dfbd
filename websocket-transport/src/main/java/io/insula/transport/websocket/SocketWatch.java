package io.insula.transport.websocket;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.eclipse.jetty.io.EndPoint;

/** Closes sockets beyond those that their address may have. Safe for any number of threads. */
final class SocketWatch {
    private final HandshakeWatch handshakes;
    private final AddressCount addresses;
    private final TransportCounts counts;
    /** A socket does not know its peer any more when it has ended. */
    private final ConcurrentMap<EndPoint, InetAddress> peers = new ConcurrentHashMap<>();

    SocketWatch(HandshakeWatch handshakes, AddressCount addresses, TransportCounts counts) {
        this.handshakes = handshakes;
        this.addresses = addresses;
        this.counts = counts;
    }

    HandshakeWatch handshakes() {
        return handshakes;
    }

    void opened(EndPoint socket) {
        // Whoever is gone already has no address any more.
        if (!(socket.getRemoteSocketAddress() instanceof InetSocketAddress peer)) {
            socket.close();
            return;
        }
        peers.put(socket, peer.getAddress());
        if (!addresses.enter(peer.getAddress())) {
            counts.socketRefused();
            socket.close();
        }
    }

    void closed(EndPoint socket) {
        InetAddress peer = peers.remove(socket);
        if (peer != null) {
            addresses.leave(peer);
        }
    }
}
