package io.insula.transport.websocket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.jetty.io.AbstractConnection;
import org.eclipse.jetty.io.ByteArrayEndPoint;
import org.junit.jupiter.api.Test;

class HandshakeWatchTest {
    private static final Duration LONGEST = Duration.ofSeconds(10);

    private final AtomicLong nanos = new AtomicLong(-5);
    private final AtomicBoolean behind = new AtomicBoolean();
    private final HandshakeWatch watch = new HandshakeWatch(LONGEST, nanos::get, behind::get);
    private final ByteArrayEndPoint socket = new ByteArrayEndPoint();

    HandshakeWatchTest() {
        var connection = new AbstractConnection(socket, Runnable::run) {
            @Override
            public void onFillable() {
                throw new IllegalStateException("nobody reads here");
            }
        };
        socket.setConnection(connection);
        watch.onOpened(connection);
    }

    private void advance(Duration time) {
        nanos.addAndGet(time.toNanos());
        watch.beat();
    }

    @Test
    void aSocketIsCutWhenItsTimeIsOver() {
        advance(LONGEST);
        assertTrue(socket.isOpen());
        advance(Duration.ofNanos(1));
        assertFalse(socket.isOpen());
        assertEquals(0, watch.size());
    }

    @Test
    void timeDoesNotCountWhileTheServerIsBehind() {
        advance(Duration.ofSeconds(4));
        behind.set(true);
        advance(LONGEST.multipliedBy(3));
        behind.set(false);
        advance(Duration.ofSeconds(6));
        assertTrue(socket.isOpen());
        advance(Duration.ofNanos(1));
        assertFalse(socket.isOpen());
    }
}
