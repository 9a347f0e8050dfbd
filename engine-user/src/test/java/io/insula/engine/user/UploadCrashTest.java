package io.insula.engine.user;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.insula.agent.AgentResult;
import io.insula.agent.Attachment;
import io.insula.agent.AttachmentId;
import io.insula.engine.api.ErrorCode;
import io.insula.engine.api.RefusedException;
import io.insula.engine.api.RunRequest;
import io.insula.engine.api.RunState;
import io.insula.engine.api.Upload;
import io.insula.engine.api.UserExecutionEngine;
import io.insula.engine.api.WhenBusy;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Uploads in a real data folder, as a process finds them that comes after one that was killed: behind each thing that it
 * does on the way from the first byte to the attachment.
 */
final class UploadCrashTest {
    private static final int SIZE = 1_000;
    private static final int SOME = 400;

    @TempDir
    Path folder;

    private final FakeCatalog catalog = new FakeCatalog();
    private final AtomicReference<byte[]> read = new AtomicReference<>(new byte[0]);
    private Optional<RoomDirectory> running = Optional.empty();
    private Optional<UserExecutionEngine.Lease> lease = Optional.empty();
    private AttachmentId upload = new AttachmentId("none");

    @BeforeEach
    void beginAnUpload() throws Exception {
        catalog.add("reads", context -> {
            read.set(context.open(context.input().attachments().getFirst()).readAllBytes());
            return AgentResult.done();
        });
        upload = engine().beginUpload("f", "text/plain", SIZE).id();
        send(0, SOME);
        stop();
    }

    @AfterEach
    void stop() {
        lease.ifPresent(UserExecutionEngine.Lease::close);
        lease = Optional.empty();
        running.ifPresent(directory -> directory.shutDown(Duration.ZERO));
        running = Optional.empty();
    }

    /** The user's engine in the process of now, which is begun if there is none. */
    private UserExecutionEngine engine() throws RefusedException {
        if (running.isEmpty()) {
            EngineEnvironment environment = new EngineEnvironment(
                    InstantSource.system(),
                    System::nanoTime,
                    new SecureRandom(),
                    Thread.ofVirtual().factory(),
                    Thread.ofPlatform().daemon(true).factory());
            running = Optional.of(EngineModule.directory(EngineLimits.defaults(), environment, folder, catalog));
        }
        if (lease.isEmpty()) {
            lease = Optional.of(running.get().open(Premises.id("ada")));
        }
        return lease.get().engine();
    }

    private Upload send(int from, int to) throws Exception {
        return engine().continueUpload(upload, from, UploadContent.of(from, to));
    }

    private AttachmentFolder attachments() {
        return new AttachmentFolder(folder.resolve(EngineModule.ATTACHMENTS));
    }

    private UploadFiles files() {
        return attachments().uploads();
    }

    private UploadNote note() throws IOException {
        return files().find(Premises.id("ada"), upload).orElseThrow();
    }

    private Path home() {
        return attachments().home(Premises.id("ada"));
    }

    private Path file(String suffix) {
        return home().resolve(AttachmentFolder.fileName(upload) + suffix);
    }

    private List<Path> left() throws IOException {
        return AttachmentFolder.list(home());
    }

    /** Has all files be of long ago, beside one that nobody knows; gives that one. */
    private Path grow(String name) throws IOException {
        Path stray = Files.writeString(home().resolve(name), "stray");
        for (Path each : left()) {
            Files.setLastModifiedTime(each, FileTime.from(Instant.parse("2020-01-01T00:00:00Z")));
        }
        return stray;
    }

    private void expectWholeOnce() throws Exception {
        Attachment file = new Attachment(upload, "f", "text/plain", SIZE);
        for (int i = 0; i < 3; i++) {
            assertEquals(Optional.of(file), engine().upload(upload).attachment());
            assertEquals(Optional.of(file), send(SIZE, SIZE).attachment());
        }
        RunRequest request = new RunRequest(
                UUID.randomUUID(), Optional.empty(), Optional.empty(), Optional.of("reads"), "", List.of(upload),
                WhenBusy.ENQUEUE);
        var receipt = Await.value(engine().submit(request));
        Await.until("it is read", () -> state(receipt.run()).isTerminal());
        assertArrayEquals(UploadContent.bytes(0, SIZE), read.get());
        stop();
        assertEquals(List.of(file("")), left());
        assertTrue(new JournalCheck(folder).run().isSound());
    }

    private RunState state(io.insula.agent.RunId run) {
        try {
            return engine().run(run).state();
        } catch (RefusedException e) {
            throw new AssertionError(e);
        }
    }

    private void writeBytes(UploadNote note, int from, int to) throws IOException {
        try (FileChannel bytes = files().openBytes(note)) {
            UploadFiles.write(bytes, ByteBuffer.wrap(UploadContent.bytes(from, to)));
        }
    }

    private void expectUnknown() {
        assertEquals(
                ErrorCode.UPLOAD_UNKNOWN,
                assertThrows(RefusedException.class, () -> engine().upload(upload)).code());
    }

    @Test
    void goesOnWhereItWas() throws Exception {
        assertEquals(SOME, engine().upload(upload).received());
        assertEquals(SIZE, send(SOME, SIZE).received());
        expectWholeOnce();
    }

    @Test
    void goesOnBehindWhatWasSyncedWhateverStandsBehindThat() throws Exception {
        // After a loss of power anything may stand where nothing was synced.
        Files.write(file(".pieces"), new byte[SIZE], StandardOpenOption.APPEND);
        assertEquals(SOME, engine().upload(upload).received());
        assertEquals(ErrorCode.UPLOAD_OFFSET, offsetRefusal(SOME + SIZE));
        assertEquals(SOME + 1, send(SOME, SOME + 1).received());
        send(SOME + 1, SIZE);
        expectWholeOnce();
    }

    private ErrorCode offsetRefusal(int offset) {
        return assertThrows(
                RefusedException.class,
                () -> engine().continueUpload(upload, offset, UploadContent.of(0, 1)))
                .code();
    }

    @Test
    void allBytesThatNobodyCountedAreSentAgain() throws Exception {
        writeBytes(note(), SOME, SIZE);
        assertEquals(SOME, engine().upload(upload).received());
        send(SOME, SIZE);
        expectWholeOnce();
    }

    @Test
    void isWholeWhenAllBytesWereCounted() throws Exception {
        countAll();
        expectWholeOnce();
    }

    private UploadNote countAll() throws IOException {
        UploadNote note = note();
        writeBytes(note, SOME, SIZE);
        return files().count(note, SIZE);
    }

    @Test
    void isWholeWhenTheFileHasItsNameAndNoJournalKnowsOfIt() throws Exception {
        files().makeWhole(countAll());
        Path stray = grow("stray");
        UserExecutionEngine engine = engine();
        Await.until("files without a record are removed", () -> Files.notExists(stray));
        assertTrue(engine.upload(upload).attachment().isPresent());
        expectWholeOnce();
    }

    @Test
    void isWholeWhenTheJournalKnowsOfItAndTheNoteIsThere() throws Exception {
        UploadNote note = note();
        send(SOME, SIZE);
        stop();
        Path bytes = Files.move(file(""), folder.resolve("kept"));
        files().create(note);
        Files.delete(file(".pieces"));
        Files.move(bytes, file(""));
        files().count(note, SIZE);
        int most = EngineLimits.defaults().user().unfinishedUploads();
        for (int i = 0; i < most; i++) {
            AttachmentId other = engine().beginUpload("other", "text/plain", 1).id();
            if (i > 0) {
                engine().cancelUpload(other);
            } else {
                engine().continueUpload(other, 0, UploadContent.of(0, 0));
            }
        }
        assertTrue(engine().upload(upload).attachment().isPresent());
        assertFalse(Files.exists(file(".upload")));
        assertTrue(Files.exists(file("")));
    }

    @Test
    void whatAStartFindsOfOneThatGoesOnIsKeptAndTheRestIsRemoved() throws Exception {
        Path begun = Files.createFile(home().resolve("0".repeat(64) + ".pieces"));
        Path half = Files.writeString(home().resolve("1".repeat(64) + ".upload.part"), "0000");
        Path stray = grow("2".repeat(64));
        UserExecutionEngine engine = engine();
        Await.until("files without a record are removed", () -> Files.notExists(stray) && Files.notExists(begun)
                && Files.notExists(half));
        assertEquals(SOME, engine.upload(upload).received());
        send(SOME, SIZE);
        expectWholeOnce();
    }

    @Test
    void bytesThatTheDiskLostAreSentAgain() throws Exception {
        try (FileChannel bytes = FileChannel.open(file(".pieces"), StandardOpenOption.WRITE)) {
            bytes.truncate(100);
        }
        assertEquals(100, engine().upload(upload).received());
        send(100, SIZE);
        expectWholeOnce();
    }

    @Test
    void aNoteThatCannotBeReadIsNobodys() throws Exception {
        for (String text : List.of("", "0000000000000000400\n", "x".repeat(30), "0000000000000000400\n{}",
                "0000000000000000400\n{\"version\":2}")) {
            Files.writeString(file(".upload"), text);
            expectUnknown();
            engine().cancelUpload(engine().beginUpload("other", "text/plain", 1).id());
        }
        Files.write(file(".upload"), new byte[]{(byte) 0xff, (byte) 0xfe, (byte) 0xff});
        expectUnknown();
        stop();
        Path stray = grow("stray");
        engine();
        Await.until("it is removed", () -> Files.notExists(stray) && Files.notExists(file(".upload"))
                && Files.notExists(file(".pieces")));
    }

    @Test
    void aNoteInAnotherPlaceIsNobodys() throws Exception {
        AttachmentId other = new AttachmentId("other");
        Files.copy(file(".upload"), home().resolve(AttachmentFolder.fileName(other) + ".upload"));
        Path bobs = Files.createDirectories(attachments().home(Premises.id("bob")));
        Files.copy(file(".upload"), bobs.resolve(file(".upload").getFileName()));
        assertEquals(
                ErrorCode.UPLOAD_UNKNOWN,
                assertThrows(RefusedException.class, () -> engine().upload(other)).code());
        engine();
        try (UserExecutionEngine.Lease bob = running.orElseThrow().open(Premises.id("bob"))) {
            assertEquals(
                    ErrorCode.UPLOAD_UNKNOWN,
                    assertThrows(RefusedException.class, () -> bob.engine().upload(upload))
                            .code());
        }
    }

    @Test
    void isLeftOutOfABackup() throws Exception {
        engine();
        Path archive = folder.resolve("backup.zip");
        try (OutputStream out = Files.newOutputStream(archive)) {
            running.orElseThrow().backup(out);
        }
        String names = Files.readString(archive, StandardCharsets.ISO_8859_1);
        assertFalse(names.contains(AttachmentFolder.fileName(upload)));
        stop();
        new OfflineData(folder).restore(archive, "x");
        expectUnknown();
        assertEquals(List.of(), attachments().homes());
    }

    @Test
    void whatComesIsSyncedAgainAndAgain() throws Exception {
        int large = 6 << 20;
        int sync = 4 << 20;
        UserExecutionEngine engine = engine();
        AttachmentId id = engine.beginUpload("large", "text/plain", large).id();
        UploadContent slow = new UploadContent();
        Thread sending = Thread.ofVirtual().start(() -> {
            try {
                engine.continueUpload(id, 0, slow);
            } catch (RefusedException | IOException e) {
                throw new AssertionError(e);
            }
        });
        int piece = 64 << 10;
        for (int from = 0; from < sync; from += piece) {
            assertEquals(0, files().find(Premises.id("ada"), id).orElseThrow().received());
            slow.give(UploadContent.bytes(from, from + piece));
        }
        assertEquals(sync, files().find(Premises.id("ada"), id).orElseThrow().received());
        slow.give(UploadContent.bytes(sync, sync + piece));
        assertEquals(sync, files().find(Premises.id("ada"), id).orElseThrow().received());
        slow.end();
        Await.until("the piece has ended", () -> !sending.isAlive());
        assertEquals(sync + piece, files().find(Premises.id("ada"), id).orElseThrow().received());
    }
}
