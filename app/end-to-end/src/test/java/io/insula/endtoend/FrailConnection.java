package io.insula.endtoend;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * One connection of one user to an application that may be killed at any moment. What is asked of it is answered, or
 * fails as lost. Safe for any number of threads.
 */
final class FrailConnection implements AutoCloseable {
    static final JsonMapper JSON = JsonMapper.shared();
    private static final Duration LONGEST = Duration.ofMinutes(2);

    /** The connection is gone, and nobody knows what became of what was asked last. */
    static final class LostException extends Exception {
        private static final long serialVersionUID = 1L;

        LostException(String how, Throwable cause) {
            super(how, cause);
        }
    }

    /** Who hears what comes over a connection, in order, in its reading thread. */
    interface Listener {
        /** Takes every frame that is not a reply. */
        void receive(JsonNode frame);

        /** Takes every frame as it came, replies too, before anything is made of it. */
        default void look(String frame) {}
    }

    private final AtomicInteger ids = new AtomicInteger();
    private final Frames frames;
    private final PlainWebSocket socket;

    private FrailConnection(Frames frames, PlainWebSocket socket) {
        this.frames = frames;
        this.socket = socket;
    }

    /** Connects. */
    static FrailConnection open(URI address, String token, Listener listener) throws LostException {
        return open(address, token, Thread.ofVirtual(), listener);
    }

    /** Connects, to be read by a thread of this kind. */
    static FrailConnection open(URI address, String token, Thread.Builder reader, Listener listener)
            throws LostException {
        var frames = new Frames(listener);
        try {
            return new FrailConnection(frames, PlainWebSocket.open(address, token, LONGEST, reader, frames));
        } catch (IOException e) {
            throw new LostException("not connected", e);
        }
    }

    /** A message with an id of its own, to be filled and sent. */
    ObjectNode message(String type) {
        return JSON.createObjectNode().put("type", type).put("id", "f" + ids.incrementAndGet());
    }

    /** The same message once more, with an id of this connection. */
    ObjectNode again(ObjectNode message) {
        return message.deepCopy().put("id", "f" + ids.incrementAndGet());
    }

    /** Sends a message and waits for its reply, whatever it is. */
    JsonNode call(ObjectNode message) throws LostException, InterruptedException {
        var reply = frames.expect(message.path("id").asString());
        try {
            socket.send(message.toString());
            return reply.get(LONGEST.toSeconds(), TimeUnit.SECONDS);
        } catch (IOException | ExecutionException e) {
            frames.loseAll();
            throw new LostException("lost: " + frames.farewell().orElse("without a word"), e);
        } catch (TimeoutException e) {
            throw new AssertionError("no reply in " + LONGEST + " to " + message, e);
        }
    }

    boolean isLost() {
        return frames.isLost();
    }

    /** Reads nothing more, and stays. */
    void stall() {
        frames.stalled = true;
    }

    /** The server's close frame; empty if there was none, as of a server that was killed. */
    Optional<String> farewell() {
        return frames.farewell();
    }

    /** Breaks the connection without a word. */
    void cut() {
        socket.abort();
        frames.loseAll();
    }

    /** Leaves; what comes later is not read. */
    @Override
    public void close() {
        cut();
    }

    /** What the server sends. */
    private static final class Frames implements PlainWebSocket.Listener {
        private final Listener listener;
        // Guarded by its own lock, which is also held while others take a frame.
        private final Map<String, CompletableFuture<JsonNode>> replies = new HashMap<>();
        // Read without a lock: who waits for others' frames holds a lock that those who take them need.
        private volatile Optional<String> farewell = Optional.empty();
        private volatile boolean lost;
        private volatile boolean stalled;

        Frames(Listener listener) {
            this.listener = listener;
        }

        CompletableFuture<JsonNode> expect(String id) {
            var reply = new CompletableFuture<JsonNode>();
            synchronized (replies) {
                if (lost) {
                    reply.completeExceptionally(new IllegalStateException("lost before it was asked"));
                } else {
                    replies.put(id, reply);
                }
            }
            return reply;
        }

        boolean isLost() {
            return lost;
        }

        Optional<String> farewell() {
            return farewell;
        }

        void loseAll() {
            synchronized (replies) {
                lost = true;
                replies.values().forEach(reply -> reply.completeExceptionally(new IllegalStateException("lost")));
                replies.clear();
            }
        }

        @Override
        public boolean text(String text) {
            listener.look(text);
            read(JSON.readTree(text));
            return !stalled;
        }

        /** What arrives after the connection was given up belongs to nobody. */
        private void read(JsonNode frame) {
            synchronized (replies) {
                if (lost) {
                    return;
                }
                var reply = replies.remove(frame.path("id").asString(""));
                if (reply != null) {
                    reply.complete(frame);
                    return;
                }
                listener.receive(frame);
            }
        }

        @Override
        public void closed(int code, String reason) {
            farewell = Optional.of(code + " " + reason);
        }

        @Override
        public void lost() {
            loseAll();
            listener.receive(JSON.createObjectNode().put("type", "lost"));
        }
    }
}
