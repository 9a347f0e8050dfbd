package io.insula.app;

import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * One WebSocket to the server. What it receives goes to an inbox, with the number of the connection; while the inbox is
 * full nothing is read. Sending is confined to one thread.
 */
final class Socket {
    static final String PROTOCOL = "insula.v1";

    private static final Duration LONGEST_CONNECT = Duration.ofSeconds(10);
    private static final int MOST_MESSAGE_CHARACTERS = 16 << 20;
    private static final int ABNORMAL = 1006;

    private final WebSocket webSocket;
    private final int number;

    private Socket(WebSocket webSocket, int number) {
        this.webSocket = webSocket;
        this.number = number;
    }

    /**
     * Connects and waits for it.
     *
     * @throws IOException if the server cannot be reached now
     * @throws FailedException if it refuses, so that trying again is of no use
     */
    static Socket open(HttpClient http, Account account, int number, BlockingQueue<Happening> inbox)
            throws IOException, FailedException {
        try {
            var webSocket = http.newWebSocketBuilder().connectTimeout(LONGEST_CONNECT).subprotocols(PROTOCOL)
                    .header("Authorization", "Bearer " + account.token().get())
                    .buildAsync(account.webSocket(), new Receiver(number, inbox)).join();
            return new Socket(webSocket, number);
        } catch (CompletionException e) {
            switch (e.getCause()) {
                case WebSocketHandshakeException refusal -> throw refused(refusal);
                case ConnectException nobody -> throw nobody;
                case IOException broken -> throw broken;
                case null, default -> throw new IOException("the connection cannot be made", e);
            }
        }
    }

    private static FailedException refused(WebSocketHandshakeException refusal) throws IOException {
        var response = refusal.getResponse();
        var status = response == null ? 0 : response.statusCode();
        // The body of a refused upgrade is not always given by the JDK; the status says enough.
        return switch (status) {
            case 401 -> new FailedException(
                    "The server does not accept the token. Get a new one with \"insula token NAME\" on "
                            + "the server's machine, and set INSULA_TOKEN to it; or unset INSULA_TOKEN there.",
                    refusal);
            case 403 -> new FailedException("The server does not allow this connection.", refusal);
            case 429 -> new FailedException("You have too many connections at this server. Close one and try again.",
                    refusal);
            case 0, 502, 503, 504 -> throw new IOException("status " + status, refusal);
            default -> new FailedException("What answers there is not Insula (status " + status + ").", refusal);
        };
    }

    int number() {
        return number;
    }

    /** Sends one message, and tells whether the connection took it. */
    boolean send(JsonNode message) {
        try {
            webSocket.sendText(message.toString(), true).join();
            return true;
        } catch (CompletionException e) {
            webSocket.abort();
            return false;
        }
    }

    /** Says goodbye, without waiting for the answer. */
    void close() {
        try {
            webSocket.sendClose(WebSocket.NORMAL_CLOSURE, "").orTimeout(1, java.util.concurrent.TimeUnit.SECONDS)
                    .join();
        } catch (CompletionException e) {
            webSocket.abort();
        }
    }

    /** Gives the connection up. */
    void abort() {
        webSocket.abort();
    }

    private static final class Receiver implements WebSocket.Listener {
        private final int number;
        private final BlockingQueue<Happening> inbox;
        private final StringBuilder message = new StringBuilder();

        private Receiver(int number, BlockingQueue<Happening> inbox) {
            this.number = number;
            this.inbox = inbox;
        }

        @Override
        public @Nullable CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
            message.append(data);
            if (message.length() > MOST_MESSAGE_CHARACTERS) {
                webSocket.abort();
                put(new Happening.Lost(number, ABNORMAL));
                return null;
            }
            if (last) {
                put(new Happening.Received(number, Json.object(message.toString())));
                message.setLength(0);
            }
            webSocket.request(1);
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onClose(WebSocket webSocket, int statusCode, String reason) {
            put(new Happening.Lost(number, statusCode));
            return CompletableFuture.completedStage(null);
        }

        @Override
        public void onError(WebSocket webSocket, Throwable error) {
            put(new Happening.Lost(number, ABNORMAL));
        }

        private void put(Happening happening) {
            try {
                inbox.put(happening);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
