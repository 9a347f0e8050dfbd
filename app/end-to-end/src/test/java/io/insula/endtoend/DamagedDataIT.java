package io.insula.endtoend;

import static io.insula.endtoend.Runs.assertSuccess;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A data folder that is not as it was left: the process says so and what to do, or goes on where nothing was lost. */
class DamagedDataIT {
    private static final int PAGE_BYTES = 4096;
    /** Where a file of SQLite keeps the number of its schema, four bytes. */
    private static final int USER_VERSION_AT = 60;
    private static final int NEWER_VERSION = 9_999;

    @TempDir
    private Path folder;

    private Installation installation;
    private List<String> events;

    @BeforeEach
    void install() throws Exception {
        installation = Installation.withScenarios(folder);
    }

    /** Lets a user say something, and ends the process by this signal. */
    private void serveUntil(String signal) throws Exception {
        try (var app = PackagedApp.start(installation)) {
            var user = app.user("owner");
            for (int i = 0; i < 20; i++) {
                assertSuccess(user.awaitEnd(user.start("steps", "tag=" + i, "t").run()));
            }
            events = written(user);
            app.signal(signal);
            app.awaitExit();
        }
    }

    private static List<String> written(InsulaClient user) {
        return user.events().stream().map(event -> event.sequence() + " " + event.event()).toList();
    }

    private Path journal() {
        return installation.data().resolve("journal.db");
    }

    /** The end of the process is a refusal in words, which name all of these. */
    private void assertRefused(String... words) throws Exception {
        try (var app = PackagedApp.launch(installation, PackagedApp.ROOMY)) {
            int status = app.awaitExit();
            assertNotEquals(0, status, app::output);
            for (String word : words) {
                assertTrue(app.output().contains(word), () -> "\"" + word + "\" in: " + app.output());
            }
            assertFalse(app.output().contains("\tat "), app::output);
            assertFalse(app.output().contains("listening on"), app::output);
        }
    }

    private static void overwrite(Path file, long at, byte[] bytes) throws IOException {
        try (var channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(bytes), at);
        }
    }

    private static byte[] garbage(int count) {
        byte[] bytes = new byte[count];
        new Random(count).nextBytes(bytes);
        return bytes;
    }

    @Test
    void aFileThatIsNoJournalIsRefusedInWords() throws Exception {
        serveUntil("TERM");
        overwrite(journal(), 0, garbage(PAGE_BYTES));
        assertRefused("journal.db", "insula doctor");
    }

    @Test
    void aPageOfRubbishIsRefusedInWords() throws Exception {
        serveUntil("TERM");
        long pages = Files.size(journal()) / PAGE_BYTES;
        for (long page = 2; page < pages; page++) {
            overwrite(journal(), page * PAGE_BYTES, garbage(PAGE_BYTES));
        }
        assertRefused("journal.db", "insula doctor");
    }

    @Test
    void aFileThatWasCutOffIsRefusedInWords() throws Exception {
        serveUntil("TERM");
        try (var channel = FileChannel.open(journal(), StandardOpenOption.WRITE)) {
            channel.truncate(channel.size() / PAGE_BYTES / 2 * PAGE_BYTES);
        }
        assertRefused("journal.db", "insula doctor");
    }

    @Test
    void aJournalOfANewerProgramIsRefusedWithBothVersions() throws Exception {
        serveUntil("TERM");
        overwrite(journal(), USER_VERSION_AT, ByteBuffer.allocate(Integer.BYTES).putInt(NEWER_VERSION).array());
        assertRefused(Integer.toString(NEWER_VERSION), "newer");
    }

    @Test
    void aWriteThatWasTornByTheCrashCostsNothing() throws Exception {
        serveUntil("KILL");
        var log = journal().resolveSibling("journal.db-wal");
        byte[] whole = Files.readAllBytes(log);
        // The beginning of one more frame, and then of one that was never finished.
        byte[] torn = Arrays.copyOf(garbage(PAGE_BYTES + 24), PAGE_BYTES / 2);
        Files.write(log, torn, StandardOpenOption.APPEND);
        assertEquals(whole.length + torn.length, Files.size(log));

        try (var app = PackagedApp.start(installation); var user = app.user("owner")) {
            var started = user.start("echo", "marker=after", "t");
            assertSuccess(user.awaitEnd(started.run()));
            assertEquals(events, written(user).subList(0, events.size()));
        }
    }

    @Test
    void aFolderThatCannotBeWrittenIsRefusedInWords() throws Exception {
        try (var disk = SmallDisk.in(folder, 32)) {
            installation = new Installation(installation.home(), disk.path());
            serveUntil("TERM");
            disk.makeReadOnly();
            assertRefused("cannot be written", disk.path().toString());
        }
    }
}
