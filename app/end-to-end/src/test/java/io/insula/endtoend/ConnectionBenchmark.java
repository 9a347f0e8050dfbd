package io.insula.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Prints how long a client that comes back waits for what it missed, over a socket of the packaged program. */
@ExtendWith(SharedApp.class)
class ConnectionBenchmark {
    private static final int EVENTS = 1_000;
    private static final int WARM_UP = 200;
    private static final int MEASURED = 400;
    private static final int CONNECTIONS_AT_ONCE = 4;

    private final PackagedApp app;

    ConnectionBenchmark(PackagedApp app) {
        this.app = app;
    }

    /** A connection that asks for everything behind a position and waits for the last event of all. */
    private static final class Reader implements WebSocket.Listener {
        private final String subscribe;
        private final String last;
        private final StringBuilder text = new StringBuilder();
        private final CompletableFuture<Long> done = new CompletableFuture<>();
        private volatile long subscribedAt;

        Reader(String subscribe, long last) {
            this.subscribe = subscribe;
            this.last = "\"sequence\":" + last + ",";
        }

        @Override
        public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean whole) {
            text.append(data);
            if (whole) {
                String message = text.toString();
                text.setLength(0);
                if (message.contains("\"type\":\"welcome\"")) {
                    subscribedAt = System.nanoTime();
                    CompletableFuture<WebSocket> _ = socket.sendText(subscribe, true).whenComplete((sent, failure) -> {
                        if (failure != null) {
                            done.completeExceptionally(failure);
                        }
                    });
                } else if (message.contains("\"type\":\"events\"") && message.contains(last)) {
                    done.complete(System.nanoTime());
                }
            }
            socket.request(1);
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public void onError(WebSocket socket, Throwable error) {
            done.completeExceptionally(error);
        }
    }

    /** From the wish to connect, and from the subscription, until the last event is there. */
    private record Wait(long sinceConnect, long sinceSubscribe) {}

    private Wait read(HttpClient http, URI address, String token, String subscribe, long last) {
        var reader = new Reader(subscribe, last);
        long begun = System.nanoTime();
        var socket = http.newWebSocketBuilder().subprotocols("insula.v1").header("Authorization", "Bearer " + token)
                .buildAsync(address, reader).orTimeout(60, TimeUnit.SECONDS)
                .join();
        long done = reader.done.orTimeout(60, TimeUnit.SECONDS).join();
        socket.abort();
        return new Wait(done - begun, done - reader.subscribedAt);
    }

    @Test
    void aThousandEventsOverANewConnection() throws Exception {
        String token = app.token("replay");
        long last;
        String subscribe;
        try (var client = InsulaClient.follow(app.webSocket(), token)) {
            while (client.events().size() <= EVENTS) {
                client.awaitEnd(client.start("steps", "").run());
            }
            last = client.events().getLast().sequence();
            subscribe = client.message("subscribe")
                    .set("after", client.position().put("sequence", last - EVENTS))
                    .toString();
        }
        try (var http = HttpClient.newHttpClient()) {
            List<Wait> waits = new ArrayList<>();
            for (int i = 0; i < WARM_UP + MEASURED; i++) {
                waits.add(read(http, app.webSocket(), token, subscribe, last));
            }
            List<Wait> measured = waits.subList(WARM_UP, waits.size());
            assertEquals(MEASURED, measured.size());
            System.out.printf(
                    "%d events to a new connection: %s since subscribe, %s since connect (p50 at most 20 ms)%n",
                    EVENTS,
                    spread(measured.stream().map(Wait::sinceSubscribe).toList()),
                    spread(measured.stream().map(Wait::sinceConnect).toList()));
        }
        try (var http = HttpClient.newHttpClient(); var readers = Executors.newVirtualThreadPerTaskExecutor()) {
            long begun = System.nanoTime();
            List<Future<?>> reading = new ArrayList<>();
            for (int i = 0; i < CONNECTIONS_AT_ONCE; i++) {
                reading.add(readers.submit(() -> {
                    for (int round = 0; round < MEASURED / CONNECTIONS_AT_ONCE; round++) {
                        read(http, app.webSocket(), token, subscribe, last);
                    }
                }));
            }
            for (Future<?> one : reading) {
                one.get();
            }
            double seconds = (System.nanoTime() - begun) / 1e9;
            System.out.printf(
                    "%d connections at once: %.0f events per second%n",
                    CONNECTIONS_AT_ONCE,
                    MEASURED * EVENTS / seconds);
        }
    }

    private static String spread(List<Long> nanos) {
        List<Long> sorted = nanos.stream().sorted().toList();
        return "p50 %.2f ms, p99 %.2f ms".formatted(
                sorted.get(sorted.size() / 2) / 1e6, sorted.get(sorted.size() * 99 / 100) / 1e6);
    }
}
