package io.insula.transport.websocket;

import java.util.function.Consumer;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;

/**
 * Takes what the sender of a refused request still has on its way. A socket that is closed while its peer sends is reset,
 * and the peer may never see the answer. Safe for any number of threads; never blocks.
 */
final class UnreadContent {
    private final HandshakeWatch watch;
    private final int mostBytes;

    UnreadContent(HandshakeWatch watch, TransportLimits limits) {
        this.watch = watch;
        mostBytes = limits.http().discardedBytes();
    }

    /**
     * Takes the content and throws it away, then calls back: at once, or later in a thread of the server.
     *
     * @param answer told whether all of it has come; else the socket has to be closed
     */
    void discard(Request request, Consumer<Boolean> answer) {
        if (request.getLength() > mostBytes || request.getHeaders().contains(HttpHeader.EXPECT)) {
            // Too much of it, or held back until it is asked for.
            answer.accept(request.consumeAvailable());
        } else {
            new Discard(request, answer).run();
        }
    }

    private final class Discard implements Runnable {
        private final Request request;
        private final Consumer<Boolean> answer;
        private long room = mostBytes;
        private boolean waited;

        Discard(Request request, Consumer<Boolean> answer) {
            this.request = request;
            this.answer = answer;
        }

        @Override
        public void run() {
            Content.Chunk chunk = request.read();
            while (chunk != null) {
                room -= chunk.remaining();
                boolean broken = Content.Chunk.isFailure(chunk);
                boolean last = chunk.isLast();
                chunk.release();
                if (broken || last || room < 0) {
                    answer.accept(last && !broken);
                    return;
                }
                chunk = request.read();
            }
            waitForMore();
        }

        private void waitForMore() {
            if (!waited) {
                waited = true;
                watch.waitFor(request.getConnectionMetaData().getConnection());
            }
            request.demand(this);
        }
    }
}
