package io.insula.endtoend;

import static io.insula.endtoend.Runs.assertSuccess;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of all users' data: backed up, restored and looked through. */
class DataIT {
    @TempDir
    private Path folder;

    @Test
    void aBackupTakenWhileItServesIsRestoredIntoAnotherFolderAndTheOldOneIsKept() throws Exception {
        var installation = Installation.withScenarios(folder);
        Path archive = folder.resolve("backup.zip");
        String epoch;
        try (var app = PackagedApp.start(installation)) {
            var ada = Person.of(app, "ada-backed-up");
            epoch = ada.client().position().path("epoch").asString();
            var written = app.command("backup", archive.toString());
            assertEquals(0, written.status(), written::output);
            assertEquals("rw-------", PosixFilePermissions
                    .toString(Files.getPosixFilePermissions(archive)));

            var again = app.command("backup", archive.toString());
            assertEquals(1, again.status());
            assertTrue(again.output().contains("--force"), again::output);
            var busy = app.command("doctor");
            assertEquals(1, busy.status(), busy::output);
            assertTrue(busy.output().contains("in use"), busy::output);
            var held = app.command("restore", archive.toString(), "--force");
            assertEquals(1, held.status());
            assertTrue(held.output().contains("in use"), held::output);

            var later = ada.client().start("echo", "marker=after-the-backup");
            assertSuccess(ada.client().awaitEnd(later.run()));
            assertOffline(app, archive);
            ada.client().close();
        }
        try (var app = PackagedApp.start(installation)) {
            try (var ada = app.user("ada-backed-up")) {
                assertNotEquals(epoch, ada.welcome().path("head").path("epoch").asString());
                assertEquals(1, ada.succeed(ada.message("threads.list")).path("threads").size());
                assertSuccess(ada.awaitEnd(ada.start("echo", "marker=again").run()));
            }
        }
    }

    @Test
    void theDoctorTellsByItsExitCodeWhatItFound() throws Exception {
        var installation = Installation.withScenarios(folder);
        Path journal = installation.data().resolve("journal.db");
        try (var app = PackagedApp.start(installation)) {
            var ada = Person.of(app, "ada-at-the-doctor");
            ada.client().close();
            app.signal("TERM");
            app.awaitExit();
            assertEquals(0, app.command("doctor").status());

            try (var attachments = Files.walk(installation.data().resolve("attachments"))) {
                Files.delete(attachments.filter(Files::isRegularFile).findFirst().orElseThrow());
            }
            var missing = app.command("doctor");
            assertEquals(1, missing.status(), missing::output);
            assertTrue(missing.output().contains("ada-at-the-doctor"), missing::output);

            byte[] pages = Files.readAllBytes(journal);
            Arrays.fill(pages, 100, Math.min(pages.length, 20_000), (byte) 7);
            Files.write(journal, pages);
            var unusable = app.command("doctor", "--json");
            assertEquals(2, unusable.status(), unusable::output);
            assertTrue(unusable.output().contains("\"usable\" : false"), unusable::output);
        }
    }

    /** Stops the application, and works on its folder. */
    private void assertOffline(PackagedApp app, Path archive) throws Exception {
        app.signal("TERM");
        app.awaitExit();
        var sound = app.command("doctor", "--json");
        assertEquals(0, sound.status(), sound::output);
        assertTrue(sound.output().contains("\"sound\" : true"), sound::output);
        var offline = app.command("backup", folder.resolve("offline.zip").toString());
        assertEquals(0, offline.status(), offline::output);
        assertTrue(Files.size(folder.resolve("offline.zip")) > 0);

        var refused = app.command("restore", archive.toString());
        assertEquals(1, refused.status());
        assertTrue(refused.output().contains("--force"), refused::output);
        var restored = app.command("restore", archive.toString(), "--force");
        assertEquals(0, restored.status(), restored::output);
        assertTrue(restored.output().contains("before-restore-"), restored::output);
    }
}
