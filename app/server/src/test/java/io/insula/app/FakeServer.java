package io.insula.app;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import tools.jackson.databind.JsonNode;

/**
 * A server that speaks just enough HTTP and WebSocket for the terminal client, and whose side of the conversation is the
 * test's.
 */
final class FakeServer implements AutoCloseable {
    private static final String ACCEPT_SUFFIX = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    private static final int TEXT = 1;
    private static final int CLOSE = 8;

    /** The test's side of the conversation. Called in the thread of one connection. */
    interface Script {
        /** A message of the client came over the connection of this number, counted from 1. */
        void received(Peer peer, int connection, JsonNode message) throws IOException;

        /** The connection of this number is open; by default it gets a welcome. */
        default void opened(Peer peer, int connection) throws IOException {
            peer.send(
                    "{'type':'welcome','user':{'issuer':'insula','subject':'ada'},'connection':'c','head':{'epoch':'e','sequence':7},"
                            + "'agents':[{'name':'cost-advisor','summary':'Finds savings.'},{'name':'hello','summary':'Greets.'}],'limits':{}}");
        }
    }

    private final ServerSocket serverSocket;
    private final Script script;
    private final AtomicInteger connections = new AtomicInteger();
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    private final List<String> uploads = new CopyOnWriteArrayList<>();
    private final List<String> authorizations = new CopyOnWriteArrayList<>();
    private final Map<String, byte[]> answers = new ConcurrentHashMap<>();
    private final List<String> bodies = new CopyOnWriteArrayList<>();
    private final List<JsonNode> messages = new CopyOnWriteArrayList<>();

    FakeServer(Script script) throws IOException {
        this.script = script;
        this.serverSocket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::accept);
    }

    String url() {
        return "http://127.0.0.1:" + serverSocket.getLocalPort();
    }

    /** Has a request, such as {@code GET /export}, answered with these bytes, head and all; then the socket is closed. */
    void answer(String request, byte[] bytes) {
        answers.put(request, bytes);
    }

    /** The bodies of requests that were answered so. */
    List<String> bodies() {
        return bodies;
    }

    /** The files that were sent: name, media type and content, separated by vertical bars. */
    List<String> uploads() {
        return uploads;
    }

    List<String> authorizations() {
        return authorizations;
    }

    /** All messages of the client, over all connections, in their order. */
    List<JsonNode> messages() {
        return messages;
    }

    /** The messages of one type. */
    List<JsonNode> messages(String type) {
        return messages.stream().filter(message -> message.path("type").stringValue("").equals(type)).toList();
    }

    @Override
    public void close() throws IOException {
        serverSocket.close();
        for (var socket : sockets) {
            socket.close();
        }
    }

    private void accept() {
        while (!serverSocket.isClosed()) {
            try {
                var socket = serverSocket.accept();
                sockets.add(socket);
                Thread.ofVirtual().start(() -> serve(socket));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            var input = new DataInputStream(socket.getInputStream());
            while (request(socket, input)) {
                // One request after another, until the connection is upgraded or ends.
            }
        } catch (IOException e) {
            // The client is gone, which is the client's affair.
        }
    }

    private boolean request(Socket socket, DataInputStream input) throws IOException {
        var first = readLine(input);
        if (first.isEmpty()) {
            return false;
        }
        var headers = new TreeMap<String, String>(String.CASE_INSENSITIVE_ORDER);
        for (var line = readLine(input); !line.isEmpty(); line = readLine(input)) {
            headers.put(line.substring(0, line.indexOf(':')), line.substring(line.indexOf(':') + 1).strip());
        }
        authorizations.add(headers.getOrDefault("Authorization", ""));
        if (first.startsWith("POST /attachments ")) {
            var body = input.readNBytes(Integer.parseInt(headers.getOrDefault("Content-Length", "0")));
            uploads.add(headers.get("X-Insula-Name") + "|" + headers.get("Content-Type") + "|"
                    + new String(body, StandardCharsets.UTF_8));
            respond(socket.getOutputStream(), "201 Created",
                    "{\"id\":\"file-" + uploads.size() + "\",\"name\":\"n\",\"bytes\":"
                            + body.length + "}");
            return true;
        }
        var answer = answers.get(first.substring(0, first.lastIndexOf(' ')));
        if (answer != null) {
            bodies.add(new String(
                    input.readNBytes(Integer.parseInt(headers.getOrDefault("Content-Length", "0"))),
                    StandardCharsets.UTF_8));
            socket.getOutputStream().write(answer);
            socket.getOutputStream().flush();
            return false;
        }
        upgrade(socket, input, headers);
        return false;
    }

    private void upgrade(Socket socket, DataInputStream input, Map<String, String> headers) throws IOException {
        if (headers.getOrDefault("Authorization", "").equals("Bearer expired")) {
            respond(socket.getOutputStream(), "401 Unauthorized", "{\"code\":\"unauthenticated\"}");
            return;
        }
        socket.getOutputStream()
                .write(("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                        + "Sec-WebSocket-Protocol: insula.v1\r\nSec-WebSocket-Accept: "
                        + accept(headers.getOrDefault("Sec-WebSocket-Key", "")) + "\r\n\r\n")
                        .getBytes(StandardCharsets.US_ASCII));
        var connection = connections.incrementAndGet();
        var peer = new Peer(socket);
        script.opened(peer, connection);
        while (true) {
            var message = readMessage(input);
            if (message.isEmpty()) {
                return;
            }
            var node = Json.object(message);
            messages.add(node);
            script.received(peer, connection, node);
        }
    }

    private static String readMessage(DataInputStream input) throws IOException {
        var opcode = input.readUnsignedByte() & 0x0f;
        long length = input.readUnsignedByte() & 0x7f;
        if (length == 126) {
            length = input.readUnsignedShort();
        } else if (length == 127) {
            length = input.readLong();
        }
        var mask = input.readNBytes(4);
        var payload = input.readNBytes((int) length);
        for (int i = 0; i < payload.length; i++) {
            payload[i] ^= mask[i % 4];
        }
        return opcode == TEXT ? new String(payload, StandardCharsets.UTF_8) : "";
    }

    private static void respond(OutputStream output, String status, String body) throws IOException {
        output.write(("HTTP/1.1 " + status + "\r\nContent-Type: application/json\r\nContent-Length: " + body.length()
                + "\r\n\r\n"
                + body).getBytes(StandardCharsets.US_ASCII));
        output.flush();
    }

    private static String accept(String key) {
        try {
            return Base64.getEncoder().encodeToString(
                    MessageDigest.getInstance("SHA-1")
                            .digest((key + ACCEPT_SUFFIX).getBytes(StandardCharsets.US_ASCII)));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    private static String readLine(DataInputStream input) throws IOException {
        var line = new StringBuilder();
        for (int letter = input.read(); letter >= 0 && letter != '\n'; letter = input.read()) {
            if (letter != '\r') {
                line.append((char) letter);
            }
        }
        return line.toString();
    }

    /** The other end of a connection. */
    static final class Peer {
        private final Socket socket;

        private Peer(Socket socket) {
            this.socket = socket;
        }

        /** Sends a message that is written with single quotes. */
        synchronized void send(String message) throws IOException {
            frame(TEXT, message.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
        }

        /** Sends events of a run, numbered from {@code first}. */
        void events(String run, int first, String... events) throws IOException {
            var text = new StringBuilder("{'type':'events','epoch':'e','events':[");
            for (int i = 0; i < events.length; i++) {
                text.append(i == 0 ? "" : ",").append("{'sequence':").append(first + i).append(",'thread':'t','run':'")
                        .append(run)
                        .append("','event':").append(events[i]).append('}');
            }
            send(text.append("]}").toString());
        }

        /** Accepts a {@code run.start}. */
        void accept(JsonNode start) throws IOException {
            send("{'type':'accepted','id':'" + start.path("id").stringValue("") + "','run':'"
                    + start.path("run").stringValue("")
                    + "','thread':'t','position':{'epoch':'e','sequence':8}}");
        }

        /** Closes the WebSocket with a code. */
        synchronized void close(int code) throws IOException {
            frame(CLOSE, new byte[]{(byte) (code >> 8), (byte) code});
        }

        /** Cuts the connection without a word. */
        void cut() throws IOException {
            socket.close();
        }

        private void frame(int opcode, byte[] payload) throws IOException {
            var frame = new ByteArrayOutputStream();
            frame.write(0x80 | opcode);
            if (payload.length < 126) {
                frame.write(payload.length);
            } else {
                frame.write(126);
                frame.write(payload.length >> 8);
                frame.write(payload.length);
            }
            frame.writeBytes(payload);
            socket.getOutputStream().write(frame.toByteArray());
            socket.getOutputStream().flush();
        }
    }
}
