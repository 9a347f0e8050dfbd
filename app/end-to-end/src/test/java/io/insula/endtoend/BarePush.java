package io.insula.endtoend;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.eclipse.jetty.websocket.core.CloseStatus;
import org.eclipse.jetty.websocket.core.Configuration;
import org.eclipse.jetty.websocket.core.CoreSession;
import org.eclipse.jetty.websocket.core.Frame;
import org.eclipse.jetty.websocket.core.FrameHandler;
import org.eclipse.jetty.websocket.core.OpCode;
import org.eclipse.jetty.websocket.core.server.ServerUpgradeRequest;
import org.eclipse.jetty.websocket.core.server.ServerUpgradeResponse;
import org.eclipse.jetty.websocket.core.server.WebSocketNegotiator;
import org.eclipse.jetty.websocket.core.server.WebSocketUpgradeHandler;

/**
 * The server library alone, in a process of its own: whoever asks for {@code MESSAGES BYTES} gets so many messages of so
 * many bytes, each when the socket has taken the one before. Prints its port.
 */
final class BarePush {
    private static final int THREADS = 32;
    private static final int FRAME_BYTES = 64 << 10;

    private BarePush() {}

    /** Serves until it is killed. */
    public static void main(String[] arguments) throws Exception {
        var server = new Server(new QueuedThreadPool(THREADS));
        var connector = new ServerConnector(server, 0, 1);
        connector.setHost(InetAddress.getLoopbackAddress().getHostAddress());
        server.addConnector(connector);
        var upgrades = new WebSocketUpgradeHandler();
        upgrades.addMapping("/ws", negotiator());
        server.setHandler(upgrades);
        server.start();
        System.out.println("port " + connector.getLocalPort());
        server.join();
    }

    private static WebSocketNegotiator negotiator() {
        return new WebSocketNegotiator() {
            @Override
            public FrameHandler negotiate(
                    ServerUpgradeRequest request, ServerUpgradeResponse response, Callback callback) {
                response.setExtensions(List.of());
                return new Pushing();
            }

            @Override
            public void customize(Configuration configuration) {
                configuration.setAutoFragment(true);
                configuration.setMaxFrameSize(FRAME_BYTES);
            }
        };
    }

    /** One connection. */
    private static final class Pushing implements FrameHandler {
        private CoreSession session;

        @Override
        public void onOpen(CoreSession opened, Callback callback) {
            session = opened;
            callback.succeeded();
            session.demand();
        }

        @Override
        public void onFrame(Frame frame, Callback callback) {
            if (frame.getOpCode() == OpCode.TEXT) {
                String[] wanted = frame.getPayloadAsUTF8().split(" ", 2);
                byte[] payload = new byte[Integer.parseInt(wanted[1])];
                Arrays.fill(payload, (byte) 'x');
                push(Integer.parseInt(wanted[0]), payload);
            }
            callback.succeeded();
            session.demand();
        }

        private void push(int messages, byte[] payload) {
            if (messages > 0) {
                session.sendFrame(
                        new Frame(OpCode.TEXT, true, ByteBuffer.wrap(payload)),
                        Callback.from(() -> push(messages - 1, payload), failure -> {}),
                        false);
            }
        }

        @Override
        public void onError(Throwable cause, Callback callback) {
            callback.succeeded();
        }

        @Override
        public void onClosed(CloseStatus status, Callback callback) {
            callback.succeeded();
        }
    }
}
