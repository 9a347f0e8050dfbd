package io.insula.transport.websocket;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Text of server-sent events that are put together, as UTF-8 with LF at each line's end. Confined to one thread. */
final class ServerSentEvents {
    private final ByteArrayOutputStream text;

    ServerSentEvents(int expectedBytes) {
        text = new ByteArrayOutputStream(expectedBytes);
    }

    /** A comment: whoever listens hears that the server is there, and nothing else. */
    static byte[] keepalive() {
        return ":\n\n".getBytes(StandardCharsets.UTF_8);
    }

    /** Adds a place alone: the listener goes on from there, and hears of no event. */
    ServerSentEvents place(String id) {
        field("id", id);
        return end();
    }

    /** Adds an event of the usual kind. */
    ServerSentEvents event(byte[] json) {
        field("data", json);
        return end();
    }

    /** Adds an event of the usual kind, with the place behind it. */
    ServerSentEvents event(String id, byte[] json) {
        field("id", id);
        return event(json);
    }

    /** Adds an event of another kind. */
    ServerSentEvents named(String name, byte[] json) {
        field("event", name);
        return event(json);
    }

    byte[] bytes() {
        return text.toByteArray();
    }

    private void field(String name, String value) {
        field(name, value.getBytes(StandardCharsets.UTF_8));
    }

    /** JSON that is written here has no line end outside of its strings, and none inside. */
    private void field(String name, byte[] value) {
        text.writeBytes(name.getBytes(StandardCharsets.UTF_8));
        text.writeBytes(": ".getBytes(StandardCharsets.UTF_8));
        text.writeBytes(value);
        text.write('\n');
    }

    private ServerSentEvents end() {
        text.write('\n');
        return this;
    }
}
