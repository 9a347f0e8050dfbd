package io.insula.transport.websocket;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** A socket that can send anything, and reads what comes back. */
final class RawClient implements AutoCloseable {
    static final int TEXT = 1;
    static final int CLOSE = 8;
    static final int PING = 9;
    static final int PONG = 10;
    private static final int TIMEOUT_MILLIS = 20_000;

    /** A frame as it came. */
    record Frame(boolean last, int opcode, ByteBuffer payload) {
        String text() {
            return StandardCharsets.UTF_8.decode(payload.duplicate()).toString();
        }

        int closeCode() {
            return payload.remaining() < 2 ? 1005 : payload.getShort(0) & 0xffff;
        }

        String closeReason() {
            return payload.remaining() < 2
                    ? ""
                    : StandardCharsets.UTF_8.decode(payload.slice(2, payload.remaining() - 2)).toString();
        }

        @Override
        public String toString() {
            return opcode == CLOSE ? "close " + closeCode() + " " + closeReason() : opcode + " " + text();
        }
    }

    final Socket socket;
    private final int port;
    private final DataInputStream in;
    private final OutputStream out;

    RawClient(InetSocketAddress address) throws IOException {
        this(address, 0);
    }

    RawClient(InetSocketAddress address, int receiveBuffer) throws IOException {
        this(connected(address, receiveBuffer), address.getPort());
    }

    /** Speaks through a socket that is connected already, such as one over TLS. */
    RawClient(Socket socket, int port) throws IOException {
        this.socket = socket;
        this.port = port;
        socket.setSoTimeout(TIMEOUT_MILLIS);
        socket.setTcpNoDelay(true);
        in = new DataInputStream(new java.io.BufferedInputStream(socket.getInputStream()));
        out = socket.getOutputStream();
    }

    private static Socket connected(InetSocketAddress address, int receiveBuffer) throws IOException {
        var socket = new Socket();
        if (receiveBuffer > 0) {
            socket.setReceiveBufferSize(receiveBuffer);
        }
        socket.connect(address, TIMEOUT_MILLIS);
        return socket;
    }

    /** The lines of a right upgrade, without the last empty one. */
    String upgrade(String token) {
        return "GET /ws HTTP/1.1\r\nHost: 127.0.0.1:" + port + "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                + "Sec-WebSocket-Protocol: insula.v1\r\nAuthorization: Bearer " + token + "\r\n";
    }

    RawClient send(String text) throws IOException {
        return send(text.getBytes(StandardCharsets.UTF_8));
    }

    RawClient send(byte[] bytes) throws IOException {
        out.write(bytes);
        out.flush();
        return this;
    }

    /** Upgrades, and reads the welcome. */
    RawClient connect(String token) throws IOException {
        send(upgrade(token) + "\r\n");
        String head = readHead();
        if (!head.startsWith("HTTP/1.1 101 ")) {
            throw new IOException("not upgraded: " + head);
        }
        Frame welcome = readFrame();
        if (!welcome.text().startsWith("{\"type\":\"welcome\"")) {
            throw new IOException("no welcome: " + welcome.text());
        }
        return this;
    }

    /** Status line and headers, with the line ends. */
    String readHead() throws IOException {
        var head = new StringBuilder();
        while (!head.toString().endsWith("\r\n\r\n")) {
            int c = in.read();
            if (c < 0) {
                throw new EOFException("end of stream after: " + head);
            }
            head.append((char) c);
        }
        return head.toString();
    }

    /** A response with its body, by its length. */
    String readResponse() throws IOException {
        String head = readHead();
        int at = head.toLowerCase(java.util.Locale.ROOT).indexOf("content-length: ");
        if (at < 0) {
            return head;
        }
        int length = Integer.parseInt(
                head, at + "content-length: ".length(), head.indexOf('\r', at), 10);
        return head + new String(in.readNBytes(length), StandardCharsets.UTF_8);
    }

    /** The next piece of a response that is sent in chunks; empty at its end. */
    String readChunk() throws IOException {
        String size = readLine();
        if (size.isEmpty()) {
            // The line end behind a chunk comes with the next one.
            size = readLine();
        }
        byte[] chunk = in.readNBytes(Integer.parseInt(size, 16));
        if (chunk.length == 0) {
            readLine();
        }
        return new String(chunk, StandardCharsets.UTF_8);
    }

    private String readLine() throws IOException {
        var line = new StringBuilder();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                throw new EOFException("the response is not whole");
            }
            line.append((char) c);
        }
        return line.toString().strip();
    }

    RawClient text(String text) throws IOException {
        return frame(0x80 | TEXT, text.getBytes(StandardCharsets.UTF_8));
    }

    /** A masked frame with this first byte. */
    RawClient frame(int first, byte[] payload) throws IOException {
        return send(masked(first, payload));
    }

    static byte[] masked(int first, byte[] payload) {
        byte[] mask = {1, 2, 3, 4};
        var frame = new ByteArrayOutputStream();
        frame.write(first);
        if (payload.length < 126) {
            frame.write(0x80 | payload.length);
        } else if (payload.length < 65_536) {
            frame.write(0x80 | 126);
            frame.write(payload.length >> 8);
            frame.write(payload.length & 0xff);
        } else {
            frame.write(0x80 | 127);
            frame.writeBytes(ByteBuffer.allocate(8).putLong(payload.length).array());
        }
        frame.writeBytes(mask);
        for (int i = 0; i < payload.length; i++) {
            frame.write(payload[i] ^ mask[i % 4]);
        }
        return frame.toByteArray();
    }

    Frame readFrame() throws IOException {
        int first = in.readUnsignedByte();
        long length = in.readUnsignedByte();
        if (length == 126) {
            length = in.readUnsignedShort();
        } else if (length == 127) {
            length = in.readLong();
        }
        return new Frame((first & 0x80) != 0, first & 0x0f, ByteBuffer.wrap(in.readNBytes((int) length)));
    }

    /** The next text, put together; pings are left out. */
    String readText() throws IOException {
        var payload = new ByteArrayOutputStream();
        Frame frame = readFrame();
        while (frame.opcode() >= CLOSE || !frame.last()) {
            if (frame.opcode() == CLOSE) {
                throw new EOFException(frame.toString());
            }
            if (frame.opcode() < CLOSE) {
                payload.writeBytes(frame.payload().array());
            }
            frame = readFrame();
        }
        payload.writeBytes(frame.payload().array());
        return payload.toString(StandardCharsets.UTF_8);
    }

    /** Whether the next text is a message of this type. */
    boolean readTextIs(String type) throws IOException {
        return readText().startsWith("{\"type\":\"" + type + "\"");
    }

    /** Reads on until the server closes; empty if it just ends the stream. */
    Optional<Frame> readClose() throws IOException {
        try {
            while (true) {
                Frame frame = readFrame();
                if (frame.opcode() == CLOSE) {
                    return Optional.of(frame);
                }
            }
        } catch (EOFException | SocketException e) {
            return Optional.empty();
        }
    }

    /** Whether the server has ended the stream. */
    boolean isAtEnd() throws IOException {
        try {
            return in.read() < 0;
        } catch (SocketException e) {
            return true;
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
