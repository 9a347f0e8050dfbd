package io.insula.endtoend;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A WebSocket that costs its process little more than its socket, so that many of them leave the machine to the server.
 * What comes is told in one thread of its own; pings are answered. Safe for any number of threads.
 */
final class PlainWebSocket {
    private static final int TEXT = 1;
    private static final int CLOSE = 8;
    private static final int PING = 9;
    private static final int PONG = 10;
    private static final int LAST = 0x80;
    private static final int MASKED = 0x80;
    private static final int SHORT_LENGTH = 126;
    private static final int LONG_LENGTH = 127;
    private static final int BUFFER_BYTES = 2_048;
    private static final int LONGEST_HEAD = 16 << 10;

    /** Who hears what comes, in order. */
    interface Listener {
        /** Takes a whole text; whether to read on. */
        boolean text(String text);

        /** The server has closed with this code, or with none. */
        void closed(int code, String reason);

        /** Nothing more comes. */
        void lost();
    }

    private final Socket socket;
    private final Listener listener;
    private final DataInputStream in;
    private final Object sending = new Object();

    private PlainWebSocket(Socket socket, Listener listener) throws IOException {
        this.socket = socket;
        this.listener = listener;
        this.in = new DataInputStream(new BufferedInputStream(socket.getInputStream(), BUFFER_BYTES));
    }

    /** Connects and upgrades, and tells the listener from then on. */
    static PlainWebSocket open(URI address, String token, Duration longest, Thread.Builder reader, Listener listener)
            throws IOException {
        var socket = new Socket();
        boolean opened = false;
        try {
            socket.connect(new InetSocketAddress(address.getHost(), address.getPort()), (int) longest.toMillis());
            socket.setTcpNoDelay(true);
            socket.setSoTimeout((int) longest.toMillis());
            var made = new PlainWebSocket(socket, listener);
            made.upgrade(address, token);
            socket.setSoTimeout(0);
            reader.start(made::read);
            opened = true;
            return made;
        } finally {
            if (!opened) {
                socket.close();
            }
        }
    }

    private void upgrade(URI address, String token) throws IOException {
        String request = "GET " + address.getPath() + " HTTP/1.1\r\nHost: " + address.getAuthority()
                + "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: insula.v1\r\n"
                + "Authorization: Bearer " + token + "\r\n\r\n";
        socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        var head = new StringBuilder();
        while (head.length() < 4 || head.lastIndexOf("\r\n\r\n") != head.length() - 4) {
            if (head.length() > LONGEST_HEAD) {
                throw new IOException("the head of the response does not end");
            }
            head.append((char) in.readUnsignedByte());
        }
        if (!head.toString().startsWith("HTTP/1.1 101 ")) {
            throw new IOException("not upgraded: " + head.substring(0, head.indexOf("\r\n")));
        }
    }

    private void read() {
        boolean wanted = true;
        try {
            var text = new ByteArrayOutputStream();
            while (wanted) {
                wanted = readFrame(text);
            }
        } catch (IOException e) {
            // How it ended is of no use to anybody: it is lost.
        } finally {
            if (wanted) {
                listener.lost();
            }
        }
    }

    /** Whether to read on. */
    private boolean readFrame(ByteArrayOutputStream text) throws IOException {
        int first = in.readUnsignedByte();
        byte[] payload = new byte[length(in.readUnsignedByte())];
        in.readFully(payload);
        switch (first & ~LAST) {
            case PING -> send(PONG, payload);
            case PONG -> {
                // It was asked for by nobody.
            }
            case CLOSE -> {
                ByteBuffer close = ByteBuffer.wrap(payload);
                int code = payload.length < 2 ? 0 : close.getShort() & 0xffff;
                listener.closed(code, StandardCharsets.UTF_8.decode(close).toString());
                send(CLOSE, payload);
                throw new EOFException("closed");
            }
            default -> {
                text.writeBytes(payload);
                if ((first & LAST) != 0) {
                    String whole = text.toString(StandardCharsets.UTF_8);
                    text.reset();
                    return listener.text(whole);
                }
            }
        }
        return true;
    }

    private int length(int second) throws IOException {
        return switch (second) {
            case SHORT_LENGTH -> in.readUnsignedShort();
            case LONG_LENGTH -> Math.toIntExact(in.readLong());
            default -> second;
        };
    }

    /** Sends a text; waits while the socket takes no more. */
    void send(String text) throws IOException {
        send(TEXT, text.getBytes(StandardCharsets.UTF_8));
    }

    private void send(int opcode, byte[] payload) throws IOException {
        int mask = ThreadLocalRandom.current().nextInt();
        ByteBuffer frame = ByteBuffer.allocate(payload.length + 14);
        frame.put((byte) (LAST | opcode));
        if (payload.length < SHORT_LENGTH) {
            frame.put((byte) (MASKED | payload.length));
        } else if (payload.length < 1 << 16) {
            frame.put((byte) (MASKED | SHORT_LENGTH)).putShort((short) payload.length);
        } else {
            frame.put((byte) (MASKED | LONG_LENGTH)).putLong(payload.length);
        }
        frame.putInt(mask);
        for (int i = 0; i < payload.length; i++) {
            frame.put((byte) (payload[i] ^ (mask >>> (24 - 8 * (i & 3)))));
        }
        synchronized (sending) {
            socket.getOutputStream().write(frame.array(), 0, frame.position());
        }
    }

    /** Breaks the connection without a word. */
    void abort() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
