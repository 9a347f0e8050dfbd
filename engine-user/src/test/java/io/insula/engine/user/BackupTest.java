package io.insula.engine.user;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.insula.agent.AgentResult;
import io.insula.agent.Attachment;
import io.insula.engine.api.ErrorCode;
import io.insula.engine.api.Position;
import io.insula.engine.api.RefusedException;
import io.insula.engine.api.WhenBusy;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Backups of a real data folder, and what comes out of them. */
final class BackupTest {
    private static final InstantSource CLOCK = InstantSource.system();

    @TempDir
    Path folder;

    private final FakeCatalog catalog = new FakeCatalog();
    private Optional<RoomDirectory> running = Optional.empty();
    private Path first = Path.of("");

    @BeforeEach
    void serve() throws IOException {
        catalog.add("keeps", new NoteTaker()).add("reads", context -> {
            try (var content = context.open(context.input().attachments().getFirst())) {
                context.say(new String(content.readAllBytes(), StandardCharsets.UTF_8));
            }
            return AgentResult.done();
        });
        first = Files.createDirectory(folder.resolve("first"));
    }

    @AfterEach
    void stop() {
        running.ifPresent(directory -> directory.shutDown(Duration.ZERO));
        running = Optional.empty();
    }

    private RoomDirectory start(Path data) {
        EngineEnvironment environment = new EngineEnvironment(
                CLOCK,
                System::nanoTime,
                new SecureRandom(),
                Thread.ofVirtual().factory(),
                Thread.ofPlatform().daemon(true).factory());
        RoomDirectory directory = EngineModule.directory(EngineLimits.defaults(), environment, data, catalog);
        running = Optional.of(directory);
        return directory;
    }

    private static TestUser user(RoomDirectory directory, String subject) throws RefusedException {
        return new TestUser(Premises.id(subject), directory.open(Premises.id(subject)));
    }

    private static Attachment attach(TestUser user, String content) throws Exception {
        return user.engine().attach("f", "text/plain",
                new ByteArrayInputStream(content.getBytes(StandardCharsets.UTF_8)));
    }

    private Path backup(RoomDirectory directory) throws Exception {
        Path archive = folder.resolve("backup.zip");
        try (OutputStream out = Files.newOutputStream(archive)) {
            directory.backup(out);
        }
        return archive;
    }

    private Path empty(String name) throws IOException {
        return Files.createDirectory(folder.resolve(name));
    }

    private static List<String> names(Path data) throws IOException {
        try (Stream<Path> files = Files.list(data)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void holdsEveryUsersDataOfOneMomentWhileOthersWriteAndIsRestoredUnderNewEpochs() throws Exception {
        RoomDirectory directory = start(first);
        TestUser ada = user(directory, "ada");
        TestUser bob = user(directory, "bob");
        ada.run("t", "keeps", "of ada");
        bob.run("t", "keeps", "of bob");
        Attachment file = attach(ada, "content of ada");
        Position before = ada.engine().snapshot().position();
        AtomicBoolean over = new AtomicBoolean();
        AtomicInteger written = new AtomicInteger();
        Thread writing = Thread.ofPlatform().start(() -> {
            while (!over.get()) {
                bob.run("busy", "keeps", "run " + written.incrementAndGet());
            }
        });
        Await.until("somebody writes", () -> written.get() > 3);

        Path archive = backup(directory);
        over.set(true);
        Await.until("nobody writes", () -> !writing.isAlive());
        assertFalse(names(first).contains("backup-work"), "scratch is left");
        stop();
        Path second = empty("second");
        assertEquals(Optional.empty(), new OfflineData(second).restore(archive, "x"));
        assertEquals(List.of("attachments", "journal.db"), names(second));

        RoomDirectory restored = start(second);
        TestUser again = user(restored, "ada");
        assertEquals(List.of("of ada", "kept of ada"), again.texts("t"));
        Position after = again.engine().snapshot().position();
        assertNotEquals(before.epoch(), after.epoch());
        assertEquals(before.sequence(), after.sequence());
        again.run("t", "keeps", "and on");
        assertEquals(4, again.texts("t").size());
        var reads = new io.insula.engine.api.RunRequest(
                java.util.UUID.randomUUID(), Optional.empty(), Optional.empty(), Optional.of("reads"), "",
                List.of(file.id()), WhenBusy.ENQUEUE);
        var receipt = Await.value(again.engine().submit(reads));
        again.awaitEnd(receipt.run());
        assertEquals(List.of("", "content of ada"), again.texts(receipt.thread().value()));
        TestUser bobAgain = user(restored, "bob");
        assertEquals(List.of("of bob", "kept of bob"), bobAgain.texts("t"));
        assertTrue(bobAgain.texts("busy").size() >= 4);
    }

    @Test
    void isWrittenFromTheFolderToo() throws Exception {
        RoomDirectory directory = start(first);
        TestUser ada = user(directory, "ada");
        ada.run("t", "keeps", "offline");
        attach(ada, "x");
        stop();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        new OfflineData(first).backup(CLOCK.instant(), bytes);
        Path archive = Files.write(folder.resolve("offline.zip"), bytes.toByteArray());
        Path second = empty("second");
        new OfflineData(second).restore(archive, "x");

        assertEquals(List.of("offline", "kept offline"), user(start(second), "ada").texts("t"));
        assertThrows(IOException.class, () -> new OfflineData(empty("none")).backup(CLOCK.instant(), bytes));
    }

    @Test
    void aRestoreKeepsAsideWhatWasThere() throws Exception {
        RoomDirectory directory = start(first);
        user(directory, "ada").run("t", "keeps", "old");
        Path archive = backup(directory);
        user(directory, "ada").run("t", "keeps", "newer");
        stop();

        OfflineData data = new OfflineData(first);
        assertTrue(data.isAnythingThere());
        Optional<Path> aside = data.restore(archive, "x");

        assertEquals(Optional.of(first.resolve("before-restore-x")), aside);
        assertEquals(List.of("old", "kept old"), user(start(first), "ada").texts("t"));
        stop();
        assertEquals(4, user(start(aside.get()), "ada").texts("t").size());
    }

    @Test
    void whatIsNoWholeBackupIsRefusedAndChangesNothing() throws Exception {
        RoomDirectory directory = start(first);
        TestUser ada = user(directory, "ada");
        ada.run("t", "keeps", "safe");
        attach(ada, "x".repeat(10_000));
        byte[] whole = Files.readAllBytes(backup(directory));
        stop();
        List<String> before = names(first);
        String manifest = "{\"format\":\"insula-backup\",\"version\":1,\"attachments\":0}";
        List<byte[]> bad = List.of(
                new byte[0],
                Arrays.copyOf(whole, whole.length / 2),
                Arrays.copyOf(whole, whole.length - 1),
                zip("manifest.json", manifest),
                zip("journal.db", "no journal", "manifest.json", manifest),
                zip("journal.db", "", "manifest.json", manifest),
                zip("journal.db", "", "manifest.json", manifest.replace("-backup", "-export")),
                zip("journal.db", "", "manifest.json", manifest.replace("1", "2")),
                zip("journal.db", "", "manifest.json", "nothing"),
                zip("journal.db", ""),
                zip("journal.db", "", "../outside", "x", "manifest.json", manifest),
                zip("journal.db", "", "attachments/../../outside", "x", "manifest.json", manifest),
                zip("journal.db", "", "signing-key.json", "x", "manifest.json", manifest));
        for (int i = 0; i < bad.size(); i++) {
            int number = i;
            Path archive = Files.write(folder.resolve("bad" + i + ".zip"), bad.get(i));
            assertThrows(
                    DataRefusedException.class,
                    () -> new OfflineData(first).restore(archive, "x" + number),
                    "archive " + number);
            assertEquals(before, names(first), "archive " + number);
        }
        assertFalse(Files.exists(folder.resolve("outside")));
        assertEquals(List.of("safe", "kept safe"), user(start(first), "ada").texts("t"));
    }

    private static byte[] zip(String... entries) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            for (int i = 0; i < entries.length; i += 2) {
                zip.putNextEntry(new ZipEntry(entries[i]));
                zip.write(entries[i + 1].getBytes(StandardCharsets.UTF_8));
                zip.closeEntry();
            }
        }
        return bytes.toByteArray();
    }

    @Test
    void thereIsOneAtATimeAndABrokenOneLeavesNothing() throws Exception {
        RoomDirectory directory = start(first);
        user(directory, "ada").run("t", "keeps", "x");
        CountDownLatch reached = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        AtomicReference<Optional<IOException>> thrown = new AtomicReference<>(Optional.empty());
        OutputStream broken = new OutputStream() {
            @Override
            public void write(int one) throws IOException {
                reached.countDown();
                Await.open(goOn);
                throw new IOException("on purpose");
            }
        };
        Thread backingUp = Thread.ofPlatform().start(() -> {
            try {
                directory.backup(broken);
            } catch (IOException e) {
                thrown.set(Optional.of(e));
            } catch (RefusedException e) {
                throw new AssertionError(e);
            }
        });
        Await.open(reached);
        assertEquals(
                ErrorCode.PLATFORM_BUSY,
                assertThrows(RefusedException.class, () -> backup(directory)).code());
        goOn.countDown();
        Await.until("it has ended", () -> !backingUp.isAlive());

        assertTrue(thrown.get().isPresent());
        assertFalse(names(first).contains("backup-work"));
        assertTrue(Files.size(backup(directory)) > 0);
    }

    @Test
    void whatAKilledProcessLeftIsRemovedAtTheNextStart() throws Exception {
        Path left = Files.createDirectory(first.resolve("backup-work"));
        Files.writeString(left.resolve("journal.db.part"), "half");
        start(first);
        assertFalse(Files.exists(left));
    }
}
