package io.insula.transport.websocket;

import java.util.List;
import org.eclipse.jetty.util.Callback;

/** The other end of a connection, as its outbox sees it. No method blocks, and each may be called by any thread. */
interface Peer {
    /**
     * Hands over at least one message, when all before have been taken.
     *
     * @param taken told once: that the socket has taken all of them, or that it takes nothing more
     */
    void send(List<byte[]> messages, Callback taken);

    /** Tells why the connection ends, and ends it. */
    void close(CloseReason why);

    /** Ends the connection at once. */
    void abort();
}
