package io.insula.transport.websocket;

import java.util.ArrayDeque;
import java.util.List;

/** Replies that wait until the socket takes them, within a limit. Guarded by whoever has it. */
final class WaitingReplies {
    private final long mostBytes;
    private final ArrayDeque<byte[]> replies = new ArrayDeque<>();
    /** Bytes of replies not yet taken by the socket, those included that it was given. */
    private long bytes;

    WaitingReplies(long mostBytes) {
        this.mostBytes = mostBytes;
    }

    /** Appends a reply; false if there is no room. One always has room alone. */
    boolean offer(byte[] reply) {
        if (bytes > 0 && bytes + reply.length > mostBytes) {
            return false;
        }
        replies.add(reply);
        bytes += reply.length;
        return true;
    }

    boolean isEmpty() {
        return replies.isEmpty();
    }

    /** Moves so many bytes of replies, or one reply that is larger, and says how many bytes they have. */
    long moveTo(List<byte[]> batch, long most) {
        long moved = 0;
        while (!replies.isEmpty() && (batch.isEmpty() || moved + replies.peek().length <= most)) {
            byte[] reply = replies.remove();
            moved += reply.length;
            batch.add(reply);
        }
        return moved;
    }

    /** The socket has taken so many bytes of what was moved. */
    void taken(long takenBytes) {
        bytes -= takenBytes;
    }

    /** Drops what was not moved. */
    void clear() {
        replies.clear();
    }
}
