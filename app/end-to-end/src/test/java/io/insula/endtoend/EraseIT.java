package io.insula.endtoend;

import static io.insula.endtoend.Runs.assertSuccess;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.insula.endtoend.FrailConnection.LostException;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** One user among many takes everything along and is erased: nothing is left, and nobody else notices. */
class EraseIT {
    private static final int OTHERS = 20;
    private static final int SENDERS = 3;
    private static final int ACCEPTED_EACH = 5;
    /** Quiet connections are cut by the server, and closed ones let go of by its timers, some seconds later. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    private Path folder;

    private static Map<String, String> entries(Path archive) throws IOException {
        var entries = new HashMap<String, String>();
        try (var zip = new ZipFile(archive.toFile())) {
            for (var entry : zip.stream().toList()) {
                entries.put(entry.getName(),
                        new String(zip.getInputStream(entry).readAllBytes(), StandardCharsets.UTF_8));
            }
        }
        return entries;
    }

    @Test
    void oneUserAmongManyIsExportedAndErasedAndNothingOfThatUserIsLeft() throws Exception {
        var installation = Installation.withScenarios(folder);
        var environment = new HashMap<>(PackagedApp.ROOMY);
        environment.putAll(PackagedApp.ATTACHABLE);
        Person gone;
        try (var app = PackagedApp.start(installation, environment)) {
            var others = new LinkedHashMap<Person, JsonNode>();
            for (int i = 0; i < OTHERS; i++) {
                var other = Person.of(app, "other-user-" + i);
                others.put(other, other.messages());
            }
            gone = Person.of(app, "user-who-leaves");
            var waiting = gone.client().start("asker", "kind=text marker=" + gone.marker());
            gone.client().awaitQuestion(waiting.run());
            gone.client().succeed(gone.client().message("thread.fork").put("thread", gone.thread())
                    .put("message", gone.messages().path(0).path("id").asString()));
            assertExport(app, gone, others.keySet().iterator().next());
            for (String trace : List.of(gone.marker(), gone.name())) {
                assertFalse(ByteSearch.filesWith(installation.data(), trace).isEmpty(), "the search finds " + trace);
            }

            var erased = app.commandOf(gone.token(), "erase", "--yes");

            assertEquals(0, erased.status(), erased::output);
            assertEquals(new Recording.Closed(4002, "erased"), gone.client().awaitClose());
            assertTrue(gone.client().frames().stream().anyMatch(frame -> frame.contains("\"code\":\"erased\"")));
            assertNotOnDisk(installation, gone);
            assertNotInMemory(app, gone, others.keySet().iterator().next());
            assertBeginsAnew(app, gone);
            for (var other : others.entrySet()) {
                assertUntouched(app, other.getKey(), other.getValue());
            }
        }
        // The name is there again, of the user's next life.
        assertNotOnDisk(installation, gone.marker());
    }

    private void assertExport(PackagedApp app, Person gone, Person other) throws Exception {
        Path archive = folder.resolve("export.zip");
        var exported = app.commandOf(gone.token(), "export", archive.toString());
        assertEquals(0, exported.status(), exported::output);
        var entries = entries(archive);
        JsonNode manifest = InsulaClient.JSON.readTree(entries.get("manifest.json"));
        assertEquals(gone.name(), manifest.path("user").path("subject").asString());
        assertEquals(2, manifest.path("counts").path("runs").asInt());
        assertEquals(3, manifest.path("counts").path("threads").asInt());
        assertEquals(1, manifest.path("counts").path("attachments").asInt());
        assertEquals(
                manifest.path("position").path("sequence").asLong(), entries.get("events.jsonl").lines().count());
        assertTrue(entries.entrySet().stream().anyMatch(entry -> entry.getKey().startsWith("attachments/")
                && entry.getValue().equals(gone.content())));
        assertTrue(entries.get("texts.jsonl").contains(gone.name()), "the note of the plugin");
        for (String theirs : List.of(other.marker(), other.name())) {
            entries.values().forEach(entry -> assertFalse(entry.contains(theirs), theirs));
        }
    }

    private static void assertNotOnDisk(Installation installation, Person gone) throws IOException {
        for (String trace : gone.traces()) {
            assertNotOnDisk(installation, trace);
        }
    }

    private static void assertNotOnDisk(Installation installation, String trace) throws IOException {
        assertEquals(List.of(), ByteSearch.filesWith(installation.data(), trace), trace);
    }

    /** Also what ends behind the answer to an erase is gone soon: its own request, and the connections it closed. */
    private void assertNotInMemory(PackagedApp app, Person gone, Person other) throws Exception {
        Path dump = folder.resolve("heap.hprof");
        Map<String, String> found = Map.of();
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() - end < 0) {
            app.dumpHeap(dump);
            found = ByteSearch.places(dump, gone.traces());
            if (found.isEmpty()) {
                break;
            }
        }
        assertEquals(Map.of(), found);
        assertTrue(ByteSearch.places(dump, List.of(other.name())).containsKey(other.name()),
                "the search finds nothing");
        Files.delete(dump);
    }

    private static void assertBeginsAnew(PackagedApp app, Person gone) {
        try (var anew = InsulaClient.connect(app.webSocket(), app.token(gone.name()))) {
            var position = gone.client().position();
            assertNotEquals(position.path("epoch"), anew.welcome().path("head").path("epoch"));
            assertEquals(0, anew.welcome().path("head").path("sequence").asLong(-1));
            assertTrue(anew.succeed(anew.message("threads.list")).path("threads").isEmpty());
            var message = anew.message("subscribe");
            message.set("after", position);
            assertEquals("epoch-unknown", anew.refused(message));
            anew.subscribe("start");
            var next = anew.start("remember", "", gone.thread());
            assertSuccess(anew.awaitEnd(next.run()));
            assertEquals("visit 1", anew.said(next.run()));
        }
    }

    private static void assertUntouched(PackagedApp app, Person other, JsonNode messages) {
        assertEquals(messages, other.messages());
        try (var again = InsulaClient.follow(app.webSocket(), other.token())) {
            long last = other.client().position().path("sequence").asLong();
            again.awaitEvent("all that was", event -> event.sequence() == last);
            assertEquals(other.client().events(), again.events());
        }
        other.client().close();
    }

    @Test
    void anEraseRacesWithInputsUploadsAndRunsUnderWayAndWinsWhole() throws Exception {
        var installation = Installation.withScenarios(folder);
        String marker = "marker-of-a-racer-" + Long.toHexString(System.nanoTime());
        try (var app = PackagedApp.start(installation); ExecutorService threads = Executors.newCachedThreadPool()) {
            String token = app.token("racer");
            var other = Person.of(app, "bystander");
            var otherRun = other.client().start("echo", "marker=beside count=20000");
            var accepted = new CountDownLatch(SENDERS * ACCEPTED_EACH);
            var senders = new ArrayList<Future<String>>();
            for (int i = 0; i < SENDERS; i++) {
                senders.add(threads.submit(() -> sendUntilRefused(app, token, marker, accepted)));
            }
            try (var upload = beginUpload(app, token, marker)) {
                assertTrue(accepted.await(60, TimeUnit.SECONDS), "inputs are accepted");
                Eventually.await("the upload is under way", () -> isOnDisk(installation, "attachments", marker),
                        () -> "no file");

                var erased = app.commandOf(token, "erase", "--yes");

                assertEquals(0, erased.status(), erased::output);
                assertNotOnDisk(installation, marker);
                assertFalse(new String(upload.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                        .startsWith("HTTP/1.1 201"));
            }
            for (var sender : senders) {
                assertEquals("erased", sender.get(60, TimeUnit.SECONDS));
            }
            assertSuccess(other.client().awaitEnd(otherRun.run()));
            other.client().close();
            try (var anew = app.user("racer")) {
                assertEquals(0, anew.welcome().path("head").path("sequence").asLong(-1));
            }
            assertNotOnDisk(installation, marker);
            assertTrue(isOnDisk(installation, "", other.marker()), "the search finds nothing");
        }
        assertNotOnDisk(installation, marker);
    }

    private static boolean isOnDisk(Installation installation, String below, String text) {
        try {
            return !ByteSearch.filesWith(installation.data().resolve(below), text).isEmpty();
        } catch (IOException e) {
            // A file that went while it was looked at.
            return false;
        }
    }

    /** Sends inputs whose runs say much, as fast as they are taken; returns the word that ended it. */
    private static String sendUntilRefused(PackagedApp app, String token, String marker, CountDownLatch accepted)
            throws LostException, InterruptedException {
        try (var connection = FrailConnection.open(app.webSocket(), token, frame -> {})) {
            while (true) {
                var message = connection.message("run.start").put("request", UUID.randomUUID().toString())
                        .put("agent", "echo").put("input", "marker=" + marker + " count=5000");
                JsonNode reply;
                try {
                    reply = connection.call(message);
                } catch (LostException lost) {
                    return connection.farewell().orElse("without a word").replace("4002 ", "");
                }
                if (reply.path("type").asString().equals("accepted")) {
                    accepted.countDown();
                } else if (!reply.path("code").asString().equals("queue-full")) {
                    return reply.path("code").asString();
                }
            }
        }
    }

    /** Sends the beginning of a file, and not the end. */
    private static Socket beginUpload(PackagedApp app, String token, String marker) throws IOException {
        var address = app.http("");
        var socket = new Socket(address.getHost(), address.getPort());
        socket.setSoTimeout((int) Moment.DEADLINE.toMillis());
        socket.getOutputStream().write(("POST /attachments HTTP/1.1\r\nHost: " + address.getAuthority()
                + "\r\nAuthorization: Bearer " + token + "\r\nContent-Type: text/csv\r\nX-Insula-Name: half.csv\r\n"
                + "Content-Length: 1000000\r\n\r\n" + (marker + ' ').repeat(1_000)).getBytes(StandardCharsets.UTF_8));
        return socket;
    }
}
