package io.insula.transport.websocket;

import io.insula.engine.api.EventBatch;
import io.insula.engine.api.RefusedException;

/** How one connection is told of events. Each method is called by one thread at a time, and may wait for storage. */
interface EventTelling {
    /** What is said of events, at least one; nothing, if none of them is for this connection. */
    byte[] events(EventBatch batch);

    /** What is said when the subscription has ended by itself. */
    byte[] ended(RefusedException why);

    /** Whether there is nothing more to say, so that the connection ends. */
    boolean isOver();
}
