package io.insula.transport.websocket;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.websocket.core.WebSocketConnection;

/**
 * Cuts sockets whose next request does not come whole in time. An idle timeout alone would let somebody keep a socket
 * with a byte now and then. Safe for any number of threads.
 */
final class HandshakeWatch implements Connection.Listener {
    private final Map<Connection, Long> waitingSinceNanos = new ConcurrentHashMap<>();
    private final Duration longest;
    private final LongSupplier nanoTime;

    HandshakeWatch(Duration longest, LongSupplier nanoTime) {
        this.longest = longest;
        this.nanoTime = nanoTime;
    }

    @Override
    public void onOpened(Connection connection) {
        if (!(connection instanceof WebSocketConnection)) {
            waitFor(connection);
        }
    }

    @Override
    public void onClosed(Connection connection) {
        waitingSinceNanos.remove(connection);
    }

    /** A request has come. */
    void arrived(Connection connection) {
        waitingSinceNanos.remove(connection);
    }

    /** The next request may come. */
    void waitFor(Connection connection) {
        if (connection.getEndPoint().isOpen() && connection.equals(connection.getEndPoint().getConnection())) {
            waitingSinceNanos.put(connection, nanoTime.getAsLong());
        }
    }

    int size() {
        return waitingSinceNanos.size();
    }

    void beat() {
        long now = nanoTime.getAsLong();
        waitingSinceNanos.forEach((connection, since) -> {
            if (now - since > longest.toNanos()) {
                waitingSinceNanos.remove(connection);
                connection.getEndPoint().close();
            }
        });
    }
}
