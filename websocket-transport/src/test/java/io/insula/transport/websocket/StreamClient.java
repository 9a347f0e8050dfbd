package io.insula.transport.websocket;

import java.io.IOException;

/** Reads a stream of server-sent events as it comes. */
final class StreamClient implements AutoCloseable {
    final RawClient client;
    final String head;
    private final StringBuilder text = new StringBuilder();
    private boolean whole;

    /** Sends a request and reads the head of the answer. */
    StreamClient(RawClient client, String request) throws IOException {
        this.client = client;
        head = client.send(request).readHead();
    }

    /** The next block that is more than a comment, without its last line end; empty at the end of the response. */
    String read() throws IOException {
        while (true) {
            String block = readBlock();
            if (!block.startsWith(":")) {
                return block;
            }
        }
    }

    /** The next block, also a comment. */
    String readBlock() throws IOException {
        int end = text.indexOf("\n\n");
        while (end < 0 && !whole) {
            String chunk = client.readChunk();
            whole = chunk.isEmpty();
            text.append(chunk);
            end = text.indexOf("\n\n");
        }
        String block = end < 0 ? "" : text.substring(0, end);
        text.delete(0, end < 0 ? text.length() : end + 2);
        return block;
    }

    @Override
    public void close() throws IOException {
        client.close();
    }
}
