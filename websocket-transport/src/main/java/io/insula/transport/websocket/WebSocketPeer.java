package io.insula.transport.websocket;

import java.nio.ByteBuffer;
import java.util.List;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.websocket.core.CoreSession;
import org.eclipse.jetty.websocket.core.Frame;
import org.eclipse.jetty.websocket.core.OpCode;

/**
 * The other end of a WebSocket.
 *
 * @param session the WebSocket
 */
record WebSocketPeer(CoreSession session) implements Peer {
    /** With one flush, behind the last message. */
    @Override
    public void send(List<byte[]> messages, Callback taken) {
        for (int i = 0; i < messages.size() - 1; i++) {
            session.sendFrame(text(messages.get(i)), Callback.NOOP, true);
        }
        session.sendFrame(text(messages.getLast()), taken, false);
    }

    @Override
    public void close(CloseReason why) {
        session.close(why.code(), why.text(), Callback.NOOP);
    }

    @Override
    public void abort() {
        session.abort();
    }

    private static Frame text(byte[] utf8) {
        return new Frame(OpCode.TEXT, true, ByteBuffer.wrap(utf8));
    }
}
