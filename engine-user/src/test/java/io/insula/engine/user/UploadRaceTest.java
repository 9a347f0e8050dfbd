package io.insula.engine.user;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.insula.agent.AttachmentId;
import io.insula.engine.api.ErrorCode;
import io.insula.engine.api.RefusedException;
import io.insula.engine.api.Upload;
import io.insula.engine.api.UserExecutionEngine;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Uploads in pieces of which several ask at the same time. */
final class UploadRaceTest {
    private static final int SIZE = 200_000;
    private static final int SEEDS = 20;
    private static final int SENDERS = 5;

    @RegisterExtension
    final Premises premises = new Premises();

    private final TestUser ada = premises.user("ada");

    /** A piece that is sent by a thread of its own, and what became of it. */
    private static final class Piece {
        private final UploadContent content = new UploadContent();
        private final Thread thread;
        private volatile Optional<Upload> upload = Optional.empty();
        private volatile Optional<Exception> failure = Optional.empty();

        Piece(UserExecutionEngine engine, AttachmentId id, int offset) {
            thread = Thread.ofVirtual().start(() -> {
                try {
                    upload = Optional.of(engine.continueUpload(id, offset, content));
                } catch (RefusedException | IOException e) {
                    failure = Optional.of(e);
                }
            });
        }

        /** Sends these bytes, which end the piece. */
        ErrorCode refusalOf(byte[] bytes) {
            content.hand(bytes);
            return refusal();
        }

        ErrorCode refusal() {
            awaitEnd();
            return ((RefusedException) failure.orElseThrow()).code();
        }

        void awaitEnd() {
            Await.until("the piece has ended", () -> !thread.isAlive());
        }
    }

    private AttachmentId begin() throws RefusedException {
        return ada.engine().beginUpload("f", "text/plain", SIZE).id();
    }

    private Piece piece(AttachmentId upload, int offset) {
        return new Piece(ada.engine(), upload, offset);
    }

    private void finish(AttachmentId upload, int from) throws Exception {
        assertTrue(ada.engine()
                .continueUpload(upload, from, UploadContent.of(from, SIZE))
                .attachment()
                .isPresent());
        expectContent(upload);
    }

    private void expectContent(AttachmentId file) throws IOException {
        try (InputStream content = premises.attachments().open(ada.id(), file)) {
            assertArrayEquals(UploadContent.bytes(0, SIZE), content.readAllBytes());
        }
        assertEquals(1, premises.journal.attachmentsCount(ada.id()));
        assertEquals(1, premises.files().size());
    }

    @Test
    void aClientWhoseLineIsDeadGoesOnAtOnceWhereItsBytesEnd() throws Exception {
        AttachmentId upload = begin();
        Piece dead = piece(upload, 0);
        dead.content.give(UploadContent.bytes(0, 70));
        dead.content.give(UploadContent.bytes(70, 100));

        assertEquals(100, ada.engine().upload(upload).received());
        Piece next = piece(upload, 100);
        next.content.give(UploadContent.bytes(100, 150));
        assertEquals(ErrorCode.UPLOAD_OFFSET, dead.refusalOf(UploadContent.bytes(100, 110)));
        next.content.give(UploadContent.bytes(150, 200));
        next.content.end();
        next.awaitEnd();

        assertEquals(200, next.upload.orElseThrow().received());
        finish(upload, 200);
    }

    @Test
    void whoAsksHowFarItIsDisturbsNobody() throws Exception {
        AttachmentId upload = begin();
        Piece piece = piece(upload, 0);
        for (int from = 0; from < 500; from += 100) {
            piece.content.give(UploadContent.bytes(from, from + 100));
            assertEquals(from + 100, ada.engine().upload(upload).received());
            // What was told is on the disk.
            assertEquals(
                    from + 100,
                    premises.attachments().uploads().find(ada.id(), upload).orElseThrow().received());
        }
        piece.content.breakOff();
        piece.awaitEnd();
        finish(upload, 500);
    }

    @Test
    void aPieceForAnotherPlaceDisturbsNobody() throws Exception {
        AttachmentId upload = begin();
        Piece piece = piece(upload, 0);
        piece.content.give(UploadContent.bytes(0, 100));
        for (int offset : new int[]{0, 99, 101}) {
            assertEquals(ErrorCode.UPLOAD_OFFSET, piece(upload, offset).refusal());
        }
        piece.content.give(UploadContent.bytes(100, 200));
        piece.content.end();
        piece.awaitEnd();
        assertEquals(200, piece.upload.orElseThrow().received());
        finish(upload, 200);
    }

    @Test
    void ofTwoForTheSamePlaceTheLatestGoesOn() throws Exception {
        AttachmentId upload = begin();
        Piece first = piece(upload, 0);
        first.content.awaitReader();
        Piece second = piece(upload, 0);
        second.content.give(UploadContent.bytes(0, 100));
        assertEquals(ErrorCode.UPLOAD_OFFSET, first.refusalOf(UploadContent.bytes(0, 50)));
        assertEquals(100, ada.engine().upload(upload).received());
        second.content.end();
        second.awaitEnd();
        finish(upload, 100);
    }

    @Test
    void afterAFailureOfTheDiskOnlyWhatWasCountedHasCome() throws Exception {
        AttachmentId upload = begin();
        ada.engine().continueUpload(upload, 0, UploadContent.of(0, 50));
        Piece piece = piece(upload, 50);
        piece.content.give(UploadContent.bytes(50, 100));
        Path note = premises.files().stream()
                .filter(file -> file.toString().endsWith(".upload"))
                .findFirst()
                .orElseThrow();
        Path aside = Files.move(note, note.resolveSibling("aside"));
        assertEquals(
                ErrorCode.JOURNAL_UNAVAILABLE,
                assertThrows(RefusedException.class, () -> ada.engine().upload(upload)).code());
        Files.move(aside, note);

        assertEquals(50, ada.engine().upload(upload).received());
        assertEquals(ErrorCode.JOURNAL_UNAVAILABLE, piece.refusalOf(UploadContent.bytes(100, 110)));
        assertEquals(50, ada.engine().upload(upload).received());
        finish(upload, 50);
    }

    @Test
    void oneThatIsCancelledRefusesThePieceOnItsWay() throws Exception {
        AttachmentId upload = begin();
        Piece piece = piece(upload, 0);
        piece.content.give(UploadContent.bytes(0, 100));
        ada.engine().cancelUpload(upload);
        assertEquals(List.of(), premises.files());
        assertEquals(ErrorCode.UPLOAD_UNKNOWN, piece.refusalOf(UploadContent.bytes(100, 110)));
        assertEquals(List.of(), premises.files());
    }

    @Test
    void anEraseWaitsForThePieceOnItsWayWhichIsRefused() throws Exception {
        AttachmentId upload = begin();
        AttachmentId waiting = begin();
        ada.engine().continueUpload(waiting, 0, UploadContent.of(0, 10));
        Piece piece = piece(upload, 0);
        piece.content.give(UploadContent.bytes(0, 100));
        CompletionStage<Void> erased = ada.engine().erase();
        assertEquals(
                ErrorCode.ERASED,
                assertThrows(RefusedException.class, () -> ada.engine().upload(upload)).code());
        assertEquals(
                ErrorCode.ERASED,
                assertThrows(RefusedException.class, this::begin).code());
        assertEquals(ErrorCode.ERASED, piece.refusalOf(UploadContent.bytes(100, 110)));
        Await.value(erased);

        assertEquals(List.of(), premises.files());
        try (UserExecutionEngine.Lease anew = premises.directory.open(ada.id())) {
            for (AttachmentId gone : List.of(upload, waiting)) {
                assertEquals(
                        ErrorCode.UPLOAD_UNKNOWN,
                        assertThrows(RefusedException.class, () -> anew.engine().upload(gone))
                                .code());
            }
        }
    }

    @Test
    void whatAnErasedLifeLeftIsOfNoneThatFollows() throws Exception {
        AttachmentId upload = begin();
        ada.engine().continueUpload(upload, 0, UploadContent.of(0, 10));
        UploadNote left = premises.attachments().uploads().find(ada.id(), upload).orElseThrow();
        Await.value(ada.engine().erase());
        // As if the file could not have been deleted.
        premises.attachments().uploads().create(left);
        try (UserExecutionEngine.Lease anew = premises.directory.open(ada.id())) {
            assertEquals(
                    ErrorCode.UPLOAD_UNKNOWN,
                    assertThrows(RefusedException.class, () -> anew.engine().upload(upload))
                            .code());
        }
        assertEquals(List.of(), premises.files());
    }

    static List<Long> seeds() {
        return new Random().longs(SEEDS).boxed().toList();
    }

    /** Clients who go on and lose the line again, all for one file. */
    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void whoeverSendsWhatTheFileIsWholeOnceAndAsItWasSent(long seed) throws Exception {
        AttachmentId upload = begin();
        Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
        CountDownLatch go = new CountDownLatch(1);
        List<Thread> senders = new ArrayList<>();
        for (int i = 0; i < SENDERS; i++) {
            Random random = new Random(seed + i);
            senders.add(Thread.ofPlatform().start(() -> {
                Await.open(go);
                try {
                    while (!sendSome(upload, random)) {
                        Thread.onSpinWait();
                    }
                } catch (RefusedException e) {
                    failures.add(e);
                }
            }));
        }
        go.countDown();
        Await.until("all have seen it whole", () -> senders.stream().noneMatch(Thread::isAlive));
        assertEquals(List.of(), List.copyOf(failures), "seed " + seed);
        expectContent(upload);
    }

    /** Sends a piece of any length where the bytes end, and says whether the file is whole. */
    private boolean sendSome(AttachmentId upload, Random random) throws RefusedException {
        Upload now = ada.engine().upload(upload);
        assertEquals(now.attachment().isPresent(), now.received() == SIZE);
        int from = (int) now.received();
        int to = Math.min(SIZE, from + random.nextInt(SIZE / 10));
        try {
            UserExecutionEngine engine = ada.engine();
            InputStream content = random.nextBoolean() && to - from < 64 << 10
                    ? UploadContent.broken(from, to)
                    : UploadContent.of(from, to);
            return engine.continueUpload(upload, from, content).attachment().isPresent();
        } catch (RefusedException refused) {
            assertEquals(ErrorCode.UPLOAD_OFFSET, refused.code());
        } catch (IOException lost) {
            assertEquals("gone", lost.getMessage());
        }
        return false;
    }
}
