package io.insula.endtoend;

import static io.insula.endtoend.Runs.assertSuccess;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What becomes of a user's data: taken along, erased, backed up and restored. */
class DataIT {
    private static final int OTHERS = 20;

    @TempDir
    private Path folder;

    /** One user's client and what it said, by which its data is found again. */
    private record Person(String name, String marker, InsulaClient client, String thread) {}

    private static Person person(PackagedApp app, String name) throws Exception {
        String marker = "marker-of-" + name + "-" + Long.toHexString(System.nanoTime());
        var client = app.user(name);
        String file = Upload.of(app, app.token(name), marker + ".csv",
                ("content " + marker).getBytes(StandardCharsets.UTF_8));
        var message = client.run("echo", "marker=" + marker, "thread-of-" + name);
        message.putArray("attachments").add(file);
        var started = client.start(message);
        assertSuccess(client.awaitEnd(started.run()));
        return new Person(name, marker, client, started.thread());
    }

    private static CommandResult command(PackagedApp app, String user, String... arguments)
            throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of(app.installation().program().toString()));
        command.addAll(List.of(arguments));
        var builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().keySet().removeIf(name -> name.startsWith("INSULA_"));
        builder.environment().putAll(Map.of(
                "INSULA_DATA_DIR", app.installation().data().toString(), "INSULA_URL", app.http("").toString()));
        if (!user.isEmpty()) {
            builder.environment().put("INSULA_TOKEN", app.token(user));
        }
        var process = builder.start();
        process.getOutputStream().close();
        var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(process.waitFor(120, TimeUnit.SECONDS), output);
        return new CommandResult(process.exitValue(), output);
    }

    /** How a command ended, and what it wrote to both streams. */
    private record CommandResult(int status, String output) {}

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

    /** The files below a folder that hold a text anywhere in their bytes or name. */
    private static List<String> filesWith(Path folder, String text) throws IOException {
        var found = new ArrayList<String>();
        try (var files = Files.walk(folder)) {
            for (var file : files.filter(Files::isRegularFile).toList()) {
                if (file.toString().contains(text) || holds(file, text)) {
                    found.add(file.toString());
                }
            }
        }
        return found;
    }

    private static boolean holds(Path file, String text) throws IOException {
        try (InputStream content = Files.newInputStream(file)) {
            return new String(content.readAllBytes(), StandardCharsets.ISO_8859_1).contains(text);
        }
    }

    @Test
    void oneUserAmongManyIsExportedAndErasedAndNothingOfThatUserIsLeftOnTheDisk() throws Exception {
        var installation = Installation.withScenarios(folder);
        try (var app = PackagedApp.start(installation)) {
            var others = new ArrayList<Person>();
            for (int i = 0; i < OTHERS; i++) {
                others.add(person(app, "other-user-" + i));
            }
            var gone = person(app, "user-who-leaves");
            var waiting = gone.client().start("asker", "kind=text " + gone.marker());
            gone.client().awaitQuestion(waiting.run());
            var messages = gone.client().succeed(
                    gone.client().message("thread.read").put("thread", gone.thread())).path("messages");
            gone.client().succeed(gone.client().message("thread.fork").put("thread", gone.thread())
                    .put("message", messages.path(0).path("id").asString()));
            String epoch = gone.client().position().path("epoch").asString();

            Path archive = folder.resolve("export.zip");
            var exported = command(app, gone.name(), "export", archive.toString());
            assertEquals(0, exported.status(), exported::output);
            assertExport(archive, gone, others);
            assertFalse(filesWith(installation.data(), gone.marker()).isEmpty(), "the search finds what is there");

            var erased = command(app, gone.name(), "erase", "--yes");
            assertEquals(0, erased.status(), erased::output);

            assertEquals(new Recording.Closed(4002, "erased"), gone.client().awaitClose());
            assertTrue(gone.client().frames().stream().anyMatch(frame -> frame.contains("\"code\":\"erased\"")));
            assertEquals(List.of(), filesWith(installation.data(), gone.marker()));
            assertEquals(List.of(), filesWith(installation.data(), gone.name()));
            try (var anew = app.user(gone.name())) {
                assertNotEquals(epoch, anew.welcome().path("head").path("epoch").asString());
                assertEquals(0, anew.welcome().path("head").path("sequence").asLong());
                assertEquals(
                        "epoch-unknown",
                        gone.client().position().isEmpty() ? "" : refusedPosition(app, gone));
            }
            for (var other : others) {
                assertEquals(2, other.client().succeed(other.client().message("thread.read").put(
                        "thread", other.thread())).path("messages").size());
                assertFalse(filesWith(installation.data(), other.marker()).isEmpty());
                other.client().close();
            }
        }
        assertEquals(List.of(), filesWith(installation.data(), "marker-of-user-who-leaves"));
    }

    private static String refusedPosition(PackagedApp app, Person gone) {
        try (var client = InsulaClient.connect(app.webSocket(), app.token(gone.name()))) {
            var message = client.message("subscribe");
            message.set("after", gone.client().position());
            return client.refused(message);
        }
    }

    private static void assertExport(Path archive, Person gone, List<Person> others) throws IOException {
        var entries = entries(archive);
        JsonNode manifest = InsulaClient.JSON.readTree(entries.get("manifest.json"));
        assertEquals(gone.name(), manifest.path("user").path("subject").asString());
        assertEquals(2, manifest.path("counts").path("runs").asInt());
        assertEquals(3, manifest.path("counts").path("threads").asInt());
        assertEquals(1, manifest.path("counts").path("attachments").asInt());
        assertEquals(
                manifest.path("position").path("sequence").asLong(), entries.get("events.jsonl").lines().count());
        assertTrue(entries.entrySet().stream().anyMatch(entry -> entry.getKey().startsWith("attachments/")
                && entry.getValue().equals("content " + gone.marker())));
        for (var other : others) {
            entries.values().forEach(entry -> assertFalse(entry.contains(other.marker())));
        }
    }

    @Test
    void aBackupTakenWhileItServesIsRestoredIntoAnotherFolderAndTheOldOneIsKept() throws Exception {
        var installation = Installation.withScenarios(folder);
        Path archive = folder.resolve("backup.zip");
        String epoch;
        try (var app = PackagedApp.start(installation)) {
            var ada = person(app, "ada-backed-up");
            epoch = ada.client().position().path("epoch").asString();
            var written = command(app, "", "backup", archive.toString());
            assertEquals(0, written.status(), written::output);
            assertEquals("rw-------", java.nio.file.attribute.PosixFilePermissions
                    .toString(Files.getPosixFilePermissions(archive)));

            var again = command(app, "", "backup", archive.toString());
            assertEquals(1, again.status());
            assertTrue(again.output().contains("--force"), again::output);
            var busy = command(app, "", "doctor");
            assertEquals(1, busy.status(), busy::output);
            assertTrue(busy.output().contains("in use"), busy::output);
            var held = command(app, "", "restore", archive.toString(), "--force");
            assertEquals(1, held.status());
            assertTrue(held.output().contains("in use"), held::output);

            var later = ada.client().start("echo", "say after the backup");
            assertSuccess(ada.client().awaitEnd(later.run()));
            assertOffline(app, archive);
            ada.client().close();
        }
        try (var app = PackagedApp.start(installation)) {
            try (var ada = app.user("ada-backed-up")) {
                assertNotEquals(epoch, ada.welcome().path("head").path("epoch").asString());
                assertEquals(1, ada.succeed(ada.message("threads.list")).path("threads").size());
                assertSuccess(ada.awaitEnd(ada.start("hello", "again").run()));
            }
        }
    }

    @Test
    void theDoctorTellsByItsExitCodeWhatItFound() throws Exception {
        var installation = Installation.withScenarios(folder);
        Path journal = installation.data().resolve("journal.db");
        try (var app = PackagedApp.start(installation)) {
            var ada = person(app, "ada-at-the-doctor");
            ada.client().close();
            app.signal("TERM");
            app.awaitExit();
            assertEquals(0, command(app, "", "doctor").status());

            try (var attachments = Files.walk(installation.data().resolve("attachments"))) {
                Files.delete(attachments.filter(Files::isRegularFile).findFirst().orElseThrow());
            }
            var missing = command(app, "", "doctor");
            assertEquals(1, missing.status(), missing::output);
            assertTrue(missing.output().contains("ada-at-the-doctor"), missing::output);

            byte[] pages = Files.readAllBytes(journal);
            java.util.Arrays.fill(pages, 100, Math.min(pages.length, 20_000), (byte) 7);
            Files.write(journal, pages);
            var unusable = command(app, "", "doctor", "--json");
            assertEquals(2, unusable.status(), unusable::output);
            assertTrue(unusable.output().contains("\"usable\" : false"), unusable::output);
        }
    }

    /** Stops the application, and works on its folder. */
    private void assertOffline(PackagedApp app, Path archive) throws Exception {
        app.signal("TERM");
        app.awaitExit();
        var sound = command(app, "", "doctor", "--json");
        assertEquals(0, sound.status(), sound::output);
        assertTrue(sound.output().contains("\"sound\" : true"), sound::output);
        var offline = command(app, "", "backup", folder.resolve("offline.zip").toString());
        assertEquals(0, offline.status(), offline::output);
        assertTrue(Files.size(folder.resolve("offline.zip")) > 0);

        var refused = command(app, "", "restore", archive.toString());
        assertEquals(1, refused.status());
        assertTrue(refused.output().contains("--force"), refused::output);
        var restored = command(app, "", "restore", archive.toString(), "--force");
        assertEquals(0, restored.status(), restored::output);
        assertTrue(restored.output().contains("before-restore-"), restored::output);
    }
}
