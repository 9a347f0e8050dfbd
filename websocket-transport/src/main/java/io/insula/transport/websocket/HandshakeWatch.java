package io.insula.transport.websocket;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.ssl.SslConnection;
import org.eclipse.jetty.websocket.core.WebSocketConnection;

/**
 * Cuts sockets whose next request does not come whole in time. An idle timeout alone would let somebody keep a socket
 * with a byte now and then. Time does not count while it is the server that is behind. Safe for any number of threads, but
 * for the beat, which is one thread's.
 */
final class HandshakeWatch implements Connection.Listener {
    private final Map<Connection, Long> waitingSinceNanos = new ConcurrentHashMap<>();
    private final Duration longest;
    private final LongSupplier nanoTime;
    private final BooleanSupplier behind;
    private final AtomicLong behindNanos = new AtomicLong();
    private long lastBeatNanos;

    /**
     * Makes one that cuts nobody before it beats.
     *
     * @param behind whether requests have come that no thread was free for
     */
    HandshakeWatch(Duration longest, LongSupplier nanoTime, BooleanSupplier behind) {
        this.longest = longest;
        this.nanoTime = nanoTime;
        this.behind = behind;
        lastBeatNanos = nanoTime.getAsLong();
    }

    /** Time that clients have had. */
    private long countedNanos() {
        return nanoTime.getAsLong() - behindNanos.get();
    }

    @Override
    public void onOpened(Connection connection) {
        // Encryption has a connection of its own below that of the requests.
        if (!(connection instanceof WebSocketConnection) && !(connection instanceof SslConnection)) {
            waitFor(connection);
        }
    }

    @Override
    public void onClosed(Connection connection) {
        waitingSinceNanos.remove(connection);
    }

    /** A request has come; while it is worked on, the socket's own idle timeout ends what stops in the middle. */
    void arrived(Connection connection) {
        waitingSinceNanos.remove(connection);
        connection.getEndPoint().setIdleTimeout(longest.toMillis());
    }

    /** The next request may come; until then the watch alone decides, as an idle timeout runs on for whoever waits for us. */
    void waitFor(Connection connection) {
        if (connection.getEndPoint().isOpen() && connection.equals(connection.getEndPoint().getConnection())) {
            waitingSinceNanos.put(connection, countedNanos());
            connection.getEndPoint().setIdleTimeout(0);
        }
    }

    int size() {
        return waitingSinceNanos.size();
    }

    void beat() {
        long beatNanos = nanoTime.getAsLong();
        if (behind.getAsBoolean()) {
            behindNanos.addAndGet(beatNanos - lastBeatNanos);
        }
        lastBeatNanos = beatNanos;
        long now = countedNanos();
        waitingSinceNanos.forEach((connection, since) -> {
            if (now - since > longest.toNanos()) {
                waitingSinceNanos.remove(connection);
                connection.getEndPoint().close();
            }
        });
    }
}
