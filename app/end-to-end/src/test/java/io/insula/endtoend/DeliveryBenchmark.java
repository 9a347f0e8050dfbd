package io.insula.endtoend;

import java.io.BufferedReader;
import java.io.File;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Prints how many events a second go the whole way, from agents over journal and outbox to sockets, beside as many
 * messages of the same size that the server library alone pushes. Both serve in processes of their own, in turns.
 */
class DeliveryBenchmark {
    private static final int USERS = 4;
    private static final int MESSAGES_SAID = 8_000;
    private static final int ROUNDS = 8;
    private static final int WARM_UP_ROUNDS = 4;
    /** A file system in memory, where there is one. */
    private static final Path MEMORY = Path.of("/dev/shm");

    @TempDir
    Path folder;

    /** What came over one connection, until it was enough. */
    private static final class Reader implements WebSocket.Listener {
        private final CompletableFuture<Long> done = new CompletableFuture<>();
        private final String last;
        private final int most;
        private final StringBuilder text = new StringBuilder();
        private int messages;
        private long bytes;
        private long sequence;

        /** Ends with a message that holds this, or with so many. */
        Reader(String last, int most) {
            this.last = last;
            this.most = most;
        }

        @Override
        public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean whole) {
            text.append(data);
            if (whole) {
                messages++;
                bytes += text.length();
                boolean hasEvents = text.indexOf("{\"type\":\"events\"") == 0;
                int at = text.lastIndexOf("\"sequence\":");
                if (hasEvents) {
                    sequence = Long.parseLong(text, at + 11, text.indexOf(",", at), 10);
                }
                boolean ends = messages >= most || text.indexOf(last) >= 0;
                text.setLength(0);
                if (ends) {
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

    /** What a round brought. */
    private record Round(double seconds, long events, int messages, long bytes) {}

    @Test
    void eventsOnTheirWholeWay() throws Exception {
        measure("on the disk", folder.resolve("disk"));
        if (Files.isDirectory(MEMORY)) {
            Path memory = Files.createTempDirectory(MEMORY, "insula");
            try {
                measure("in memory", memory);
            } finally {
                new ProcessBuilder("rm", "-rf", memory.toString()).inheritIO().start().waitFor();
            }
        }
    }

    private void measure(String where, Path place) throws Exception {
        var environment = new HashMap<>(PackagedApp.ROOMY);
        environment.put("INSULA_DATA_DIR", Files.createDirectories(place.resolve("data")).toString());
        var installation = new Installation(
                Installation.withScenarios(Files.createDirectories(folder.resolve(where))).home(),
                place.resolve("data"));
        Process bare = bare();
        try (var app = PackagedApp.start(installation, environment);
                BufferedReader said = bare.inputReader();
                var http = HttpClient.newHttpClient()) {
            app.awaitOutput("scenario");
            URI push = URI.create("ws://127.0.0.1:" + said.readLine().replace("port ", "") + "/ws");
            List<Double> ratios = new ArrayList<>();
            for (int i = 0; i < WARM_UP_ROUNDS + ROUNDS; i++) {
                Round ours = ours(http, app, i);
                Round alone = alone(http, push, ours);
                double ratio = alone.seconds() / ours.seconds();
                if (i >= WARM_UP_ROUNDS) {
                    ratios.add(ratio);
                    System.out.printf(
                            "journal %s: %.0f events/s in messages of %.1f KiB, beside the library alone %.2f%n",
                            where, ours.events() / ours.seconds(), ours.bytes() / 1_024.0 / ours.messages(), ratio);
                }
            }
            ratios.sort(null);
            System.out.printf("journal %s: median %.2f of the library alone (at least 0.5 in memory)%n", where,
                    ratios.get(ratios.size() / 2));
        } finally {
            bare.destroyForcibly().waitFor();
        }
    }

    /** The class path of the tests, in a process of its own. */
    private static Process bare() throws Exception {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        return new ProcessBuilder(java, "-cp", System.getProperty("java.class.path") + File.pathSeparator
                + System.getProperty("surefire.test.class.path", ""), BarePush.class.getName())
                .redirectError(ProcessBuilder.Redirect.DISCARD).start();
    }

    private static Round ours(HttpClient http, PackagedApp app, int round) throws Exception {
        List<Reader> readers = new ArrayList<>();
        List<WebSocket> sockets = new ArrayList<>();
        for (int i = 0; i < USERS; i++) {
            var reader = new Reader("\"RUN_FINISHED\"", Integer.MAX_VALUE);
            readers.add(reader);
            var socket = http.newWebSocketBuilder().subprotocols("insula.v1")
                    .header("Authorization", "Bearer " + app.token("user-" + i)).buildAsync(app.webSocket(), reader)
                    .get(60, TimeUnit.SECONDS);
            socket.sendText("{\"type\":\"subscribe\",\"id\":\"s\",\"after\":\"now\"}", true).get(60, TimeUnit.SECONDS);
            sockets.add(socket);
        }
        long begun = System.nanoTime();
        for (WebSocket socket : sockets) {
            CompletableFuture<WebSocket> _ =
                    socket.sendText("{\"type\":\"run.start\",\"id\":\"r\",\"request\":\"" + UUID.randomUUID()
                            + "\",\"agent\":\"flood\",\"input\":\"count=" + MESSAGES_SAID + "\"}", true);
        }
        return end(begun, readers, sockets, round);
    }

    private static Round alone(HttpClient http, URI push, Round ours) throws Exception {
        List<Reader> readers = new ArrayList<>();
        List<WebSocket> sockets = new ArrayList<>();
        int each = ours.messages() / USERS;
        for (int i = 0; i < USERS; i++) {
            var reader = new Reader("nothing", each);
            readers.add(reader);
            sockets.add(http.newWebSocketBuilder().buildAsync(push, reader).get(60, TimeUnit.SECONDS));
        }
        long begun = System.nanoTime();
        for (WebSocket socket : sockets) {
            CompletableFuture<WebSocket> _ = socket.sendText(each + " " + ours.bytes() / ours.messages(), true);
        }
        return end(begun, readers, sockets, 0);
    }

    private static Round end(long begun, List<Reader> readers, List<WebSocket> sockets, int before) throws Exception {
        long last = begun;
        for (Reader reader : readers) {
            last = Math.max(last, reader.done.get(120, TimeUnit.SECONDS));
        }
        sockets.forEach(WebSocket::abort);
        long events = readers.stream().mapToLong(reader -> reader.sequence).sum()
                - (long) before * USERS * (3L * MESSAGES_SAID + 3);
        return new Round(
                (last - begun) / 1e9,
                events,
                readers.stream().mapToInt(reader -> reader.messages).sum(),
                readers.stream().mapToLong(reader -> reader.bytes).sum());
    }
}
