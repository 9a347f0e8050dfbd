package io.insula.transport.websocket;

import io.insula.agent.UserId;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/**
 * All connections that hold something, for the heartbeat and for stopping. It finds nobody: a message never comes here.
 * Safe for any number of threads.
 */
final class LiveConnections {
    private final Set<LiveConnection> connections = ConcurrentHashMap.newKeySet();
    private final UserRooms rooms;
    private final TransportCounts counts;
    private final Object lock = new Object();
    /** Guarded by lock. */
    private boolean closing;

    LiveConnections(UserRooms rooms, TransportCounts counts) {
        this.rooms = rooms;
        this.counts = counts;
    }

    void add(LiveConnection connection) {
        connections.add(connection);
        counts.opened();
        boolean late;
        synchronized (lock) {
            late = closing;
        }
        if (late) {
            connection.close(CloseReason.GOING_AWAY);
        }
    }

    /** Gives back what an ended connection holds; once. */
    void release(LiveConnection connection, ClientConnection.Admission admission, Outbox outbox) {
        outbox.discard().ifPresentOrElse(counts::closed, counts::closedByPeer);
        try {
            outbox.feed().close();
        } finally {
            try {
                admission.lease().close();
            } finally {
                remove(connection, admission.place());
            }
        }
    }

    private void remove(LiveConnection connection, UserRooms.Place place) {
        rooms.leave(place);
        connections.remove(connection);
        synchronized (lock) {
            lock.notifyAll();
        }
    }

    int size() {
        return connections.size();
    }

    void beat(LongSupplier nanoTime, InstantSource clock) {
        for (LiveConnection connection : connections) {
            connection.beat(nanoTime.getAsLong(), clock.instant());
        }
    }

    /** Closes those of one user. */
    void closeAllOf(UserId user) {
        for (LiveConnection connection : connections) {
            if (connection.isOf(user)) {
                connection.close(CloseReason.TOKEN_REVOKED);
            }
        }
    }

    /** Closes all, and those that come later. */
    void closeAll() {
        synchronized (lock) {
            closing = true;
        }
        for (LiveConnection connection : connections) {
            connection.close(CloseReason.GOING_AWAY);
        }
    }

    /** Ends what is left, without a word. */
    void endAll() {
        for (LiveConnection connection : connections) {
            connection.end();
        }
    }

    /** Waits until there is none, or the time is over. */
    void awaitNone(Duration longest, LongSupplier nanoTime) throws InterruptedException {
        long endNanos = nanoTime.getAsLong() + longest.toNanos();
        synchronized (lock) {
            long leftMillis = longest.toMillis();
            while (!connections.isEmpty() && leftMillis > 0) {
                lock.wait(leftMillis);
                leftMillis = Duration.ofNanos(endNanos - nanoTime.getAsLong()).toMillis();
            }
        }
    }
}
