package io.insula.transport.websocket;

import java.time.Duration;

/**
 * Everything that is bounded in the transport, in one place. {@link #defaults()} gives the documented values.
 *
 * @param connections how many, and how much waits in each
 * @param messages what clients may send
 * @param times how long things may take
 * @param http what requests may use
 */
public record TransportLimits(Connections connections, Messages messages, Times times, Http http) {
    /** The documented values. */
    public static TransportLimits defaults() {
        return new TransportLimits(
                Connections.defaults(), Messages.defaults(), Times.defaults(), Http.defaults());
    }

    /**
     * How many connections there may be, and how much waits in each.
     *
     * @param perUser connections of one user; then 429 with {@code too-many-connections} (8)
     * @param total connections of all users; then 503 with {@code platform-busy} (10,000)
     * @param outboxBytes replies that wait for a client to read; then it is closed as a slow consumer. A single reply
     *     always has room (1 MiB)
     * @param eventsBytes size of a message of events, beyond which no further event joins it (64 KiB)
     * @param eventsPerMessage events that join in one message (500)
     * @param socketsPerAddress sockets of one address that is no proxy's, also those on which nobody has proved anything
     *     yet; further ones are closed at once (2,000)
     */
    public record Connections(int perUser, int total, int outboxBytes, int eventsBytes, int eventsPerMessage,
            int socketsPerAddress) {
        /** Checks that every limit is positive. */
        public Connections {
            positive("connections per user", perUser);
            positive("connections in all", total);
            positive("bytes of an outbox", outboxBytes);
            positive("bytes of a message of events", eventsBytes);
            positive("events per message", eventsPerMessage);
            positive("sockets per address", socketsPerAddress);
        }

        /** The documented values. */
        public static Connections defaults() {
            return new Connections(8, 10_000, 1 << 20, 64 << 10, 500, 2_000);
        }
    }

    /**
     * What clients may send.
     *
     * @param messageBytes size of one message; then closed as too big (512 KiB)
     * @param fragments frames of one message; then closed as too big (1,024)
     * @param perMinute messages of one user in the long run, over all its connections; then {@code rate-limited}.
     *     Connections and uploads count, pings do not (60)
     * @param burst messages of one user that may come at once, at most a million (30)
     * @param refusedInARow unreadable or too frequent messages of a connection without a good one between; then closed
     *     for policy (100)
     * @param pingsPerMinute pings and pongs, as frames or messages, of one connection, of which a tenth may come at
     *     once; then closed for policy (1,200)
     */
    public record Messages(
            int messageBytes, int fragments, int perMinute, int burst, int refusedInARow, int pingsPerMinute) {
        private static final int MOST_AT_ONCE = 1_000_000;

        /** Checks that every limit is positive. */
        public Messages {
            positive("bytes of a message", messageBytes);
            positive("fragments of a message", fragments);
            positive("messages per minute", perMinute);
            positive("messages at once", burst);
            if (burst > MOST_AT_ONCE) {
                throw new IllegalArgumentException(
                        "messages at once is " + burst + ", must be at most " + MOST_AT_ONCE);
            }
            positive("refused messages in a row", refusedInARow);
            positive("pings per minute", pingsPerMinute);
        }

        /** The documented values. */
        public static Messages defaults() {
            return new Messages(512 << 10, 1_024, 60, 30, 100, 1_200);
        }
    }

    /**
     * How long things may take.
     *
     * @param handshake from opening a socket, or from the end of a request, to the end of the next request's headers,
     *     not counting while requests wait for a thread; then cut (10 s)
     * @param ping between two pings (20 s)
     * @param deadAfter without any frame from the client; then closed (45 s)
     * @param progress for the socket to take what was handed to it, at most about {@link Connections#eventsBytes}; then
     *     closed as a slow consumer (30 s)
     * @param cut from the begin of closing to the end of the socket (2 s)
     */
    public record Times(Duration handshake, Duration ping, Duration deadAfter, Duration progress, Duration cut) {
        /** Checks that every time is positive, and that a ping can be answered before its client counts as dead. */
        public Times {
            positive("time for a handshake", handshake);
            positive("time between pings", ping);
            positive("time until a connection counts as dead", deadAfter);
            positive("time for progress", progress);
            positive("time until a closing connection is cut", cut);
            if (deadAfter.compareTo(ping) <= 0) {
                throw new IllegalArgumentException("a connection counts as dead after " + deadAfter
                        + ", which must be longer than the time between pings, " + ping);
            }
        }

        /** The documented values. */
        public static Times defaults() {
            return new Times(
                    Duration.ofSeconds(10),
                    Duration.ofSeconds(20),
                    Duration.ofSeconds(45),
                    Duration.ofSeconds(30),
                    Duration.ofSeconds(2));
        }
    }

    /**
     * What requests may use.
     *
     * @param headerBytes size of a request's line and headers; then 431 (16 KiB)
     * @param uploadsPerUser uploads and other requests with work to do, such as exports, of one user at once; then 429 with {@code too-many-connections} (2)
     * @param uploads the same of all users at once, at most half of the threads; then 503 with {@code platform-busy} (16)
     * @param uploadBytesPerSecond what an upload must bring, and who exports must take, on average; then cut (1 KiB)
     * @param discardedBytes content of a refused request that is still taken, so that its sender hears the refusal;
     *     beyond it the socket is closed behind the answer (16 MiB)
     * @param threads platform threads of the transport (32)
     * @param readsPerUser requests of one user at once that read what there is; then 429 with
     *     {@code too-many-connections} (6)
     * @param runInputBytes body of a request to {@code /agui}, which holds the client's whole conversation; then 413 (4 MiB)
     */
    public record Http(int headerBytes, int uploadsPerUser, int uploads, int uploadBytesPerSecond, int discardedBytes,
            int threads, int readsPerUser, int runInputBytes) {
        private static final int FEWEST_THREADS = 8;

        /** Checks that every limit is positive, and that uploads leave threads to the rest. */
        public Http {
            positive("bytes of headers", headerBytes);
            positive("uploads per user", uploadsPerUser);
            positive("uploads at once", uploads);
            positive("bytes per second of an upload", uploadBytesPerSecond);
            positive("discarded bytes", discardedBytes);
            positive("reads per user", readsPerUser);
            positive("bytes of a run's input", runInputBytes);
            if (threads < FEWEST_THREADS) {
                throw new IllegalArgumentException(
                        "threads is " + threads + ", must be " + FEWEST_THREADS + " or more");
            }
            if (uploads > threads / 2) {
                throw new IllegalArgumentException(
                        "uploads at once is " + uploads + ", must be at most half of the threads, " + threads / 2);
            }
        }

        /** The documented values. */
        public static Http defaults() {
            return new Http(16 << 10, 2, 16, 1 << 10, 16 << 20, 32, 6, 4 << 20);
        }
    }

    private static void positive(String what, int value) {
        if (value <= 0) {
            throw new IllegalArgumentException(what + " is " + value + ", must be 1 or more");
        }
    }

    private static void positive(String what, Duration value) {
        if (value.isNegative() || value.isZero()) {
            throw new IllegalArgumentException(what + " is " + value + ", must be longer than nothing");
        }
    }
}
