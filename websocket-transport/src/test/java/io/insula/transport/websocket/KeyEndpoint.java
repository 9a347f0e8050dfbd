package io.insula.transport.websocket;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** An address of keys that answers as the test says, and counts who asks. */
final class KeyEndpoint implements AutoCloseable {
    final AtomicInteger fetches = new AtomicInteger();
    /** What is answered, byte by byte as it stands here. */
    volatile byte[] answer = new byte[0];
    /** An answer waits for it in the middle. */
    volatile CountDownLatch gate = new CountDownLatch(0);
    private final ServerSocket socket;
    private final Thread thread;

    KeyEndpoint() throws IOException {
        this(0);
    }

    KeyEndpoint(int port) throws IOException {
        socket = new ServerSocket(port, 50, InetAddress.getLoopbackAddress());
        thread = Thread.ofPlatform().daemon().name("key-endpoint").start(this::serve);
    }

    int port() {
        return socket.getLocalPort();
    }

    URI address() {
        return URI.create("http://127.0.0.1:" + port() + "/keys");
    }

    void answerKeys(String json) {
        answer(200, json.getBytes(StandardCharsets.UTF_8), "");
    }

    void answer(int status, byte[] body, String moreHeaders) {
        byte[] head =
                ("HTTP/1.1 " + status + " x\r\nContent-Type: application/json\r\nConnection: close\r\n" + moreHeaders
                        + "Content-Length: " + body.length + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII);
        byte[] whole = Arrays.copyOf(head, head.length + body.length);
        System.arraycopy(body, 0, whole, head.length, body.length);
        answer = whole;
    }

    private void serve() {
        while (!socket.isClosed()) {
            try {
                Socket peer = socket.accept();
                if (socket.isClosed()) {
                    peer.close();
                } else {
                    Thread.ofPlatform().daemon().start(() -> answer(peer));
                }
            } catch (IOException e) {
                // Closed, which ends the loop.
            }
        }
    }

    private void answer(Socket peer) {
        try (peer;
                var lines = new BufferedReader(
                        new InputStreamReader(peer.getInputStream(), StandardCharsets.US_ASCII))) {
            String line = lines.readLine();
            while (line != null && !line.isEmpty()) {
                line = lines.readLine();
            }
            fetches.incrementAndGet();
            byte[] whole = answer;
            OutputStream out = peer.getOutputStream();
            out.write(whole, 0, whole.length / 2);
            out.flush();
            gate.await();
            out.write(whole, whole.length / 2, whole.length - whole.length / 2);
            out.flush();
        } catch (IOException e) {
            // The other side has had enough.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** From its return on nobody is answered. */
    @Override
    public void close() throws IOException {
        socket.close();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
