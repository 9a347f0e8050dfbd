package io.insula.transport.websocket;

import io.insula.agent.UserId;
import java.time.Instant;

/** A connection that holds its user's engine. Safe for any number of threads. */
interface LiveConnection {
    /** Called again and again by the heartbeat. */
    void beat(long nowNanos, Instant now);

    /** Whether it is this user's. */
    boolean isOf(UserId user);

    /** Closes after what waits to be sent; the first reason counts. */
    void close(CloseReason why);

    /** Ends it, opened or not; later calls do nothing. */
    void end();
}
