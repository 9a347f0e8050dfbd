package io.insula.engine.user;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.insula.agent.AgentResult;
import io.insula.agent.AttachmentId;
import io.insula.engine.api.ErrorCode;
import io.insula.engine.api.RefusedException;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Uploads in pieces while the journal cannot be written, or the process crashes. */
final class UploadDownTest {
    private static final int SIZE = 1_000;

    @RegisterExtension
    final Restarts restarts = new Restarts();

    private AttachmentId begin() throws RefusedException {
        return restarts.user("ada").engine().beginUpload("f", "text/plain", SIZE).id();
    }

    private ErrorCode refusal(AttachmentId upload, int from, int to) {
        return assertThrows(
                RefusedException.class,
                () -> restarts.user("ada").engine().continueUpload(upload, from, UploadContent.of(from, to)))
                .code();
    }

    private void down() {
        restarts.journal().become(new JournalHealth.Down(JournalTrouble.DISK_FULL));
    }

    private void comeBack() {
        restarts.journal().become(new JournalHealth.Writable());
    }

    private void expectWholeOnce(AttachmentId upload) throws Exception {
        for (int i = 0; i < 3; i++) {
            assertEquals(
                    upload,
                    restarts.user("ada").engine().upload(upload).attachment().orElseThrow().id());
        }
        assertEquals(1, restarts.disk.attachmentsCount(Premises.id("ada")));
        assertEquals(SIZE, restarts.disk.attachmentsBytes(Premises.id("ada")));
        try (InputStream content = restarts.attachments().open(Premises.id("ada"), upload)) {
            assertArrayEquals(UploadContent.bytes(0, SIZE), content.readAllBytes());
        }
        assertEquals(1, AttachmentFolder.list(restarts.attachments().home(Premises.id("ada"))).size());
    }

    @Test
    void theLastByteIsRefusedWhileTheJournalIsDownAndNotAskedForAgain() throws Exception {
        AttachmentId upload = begin();
        down();
        assertEquals(ErrorCode.JOURNAL_UNAVAILABLE, refusal(upload, 0, SIZE));
        assertEquals(
                ErrorCode.JOURNAL_UNAVAILABLE,
                assertThrows(
                        RefusedException.class,
                        () -> restarts.user("ada").engine().upload(upload))
                        .code());
        assertEquals(0, restarts.disk.attachmentsCount(Premises.id("ada")));
        comeBack();
        expectWholeOnce(upload);
    }

    @Test
    void piecesComeInWhileTheJournalIsDown() throws Exception {
        AttachmentId upload = begin();
        down();
        assertEquals(
                600,
                restarts.user("ada")
                        .engine()
                        .continueUpload(upload, 0, UploadContent.of(0, 600))
                        .received());
        comeBack();
        restarts.user("ada").engine().continueUpload(upload, 600, UploadContent.of(600, SIZE));
        expectWholeOnce(upload);
    }

    @Test
    void oneThatMayHaveBeenWrittenIsAnAttachmentOnce() throws Exception {
        AttachmentId upload = begin();
        CountDownLatch held = new CountDownLatch(1);
        restarts.holdWriter(held);
        AtomicReference<ErrorCode> refused = new AtomicReference<>();
        Thread sending = Thread.ofVirtual().start(() -> refused.set(refusal(upload, 0, SIZE)));
        Await.until("it waits for the journal", () -> sending.getState() == Thread.State.WAITING);
        down();
        Await.until("it is refused", () -> refused.get() == ErrorCode.JOURNAL_UNAVAILABLE);
        comeBack();
        // It turns out that it was written, before anybody heard of it and after.
        expectWholeOnce(upload);
        held.countDown();
        restarts.flush("ada");
        expectWholeOnce(upload);
    }

    @Test
    void aCrashBehindTheLastByteLeavesAnAttachmentToBe() throws Exception {
        AttachmentId upload = begin();
        restarts.journal().refuseAppends(true);
        assertEquals(ErrorCode.JOURNAL_UNAVAILABLE, refusal(upload, 0, SIZE));
        restarts.crashAndRestart();
        // Whole is whole: only what lacks something expires.
        restarts.advance(restarts.limits.user().uploadExpiry());
        expectWholeOnce(upload);
    }

    @Test
    void whatIsWholeAfterACrashIsAnAttachmentWhenItsUserBeginsAnother() throws Exception {
        AttachmentId upload = begin();
        restarts.journal().refuseAppends(true);
        assertEquals(ErrorCode.JOURNAL_UNAVAILABLE, refusal(upload, 0, SIZE));
        restarts.crashAndRestart();
        AttachmentId other = begin();
        restarts.user("ada").engine().cancelUpload(other);
        assertEquals(upload, restarts.disk.attachments(Premises.id("ada")).getFirst().id());
        expectWholeOnce(upload);
    }

    @Test
    void aPieceOfAnEngineThatEndedIsRefusedAndWhatCameOfItIsKept() throws Exception {
        CountDownLatch atWork = new CountDownLatch(1);
        restarts.catalog.add("waits", context -> {
            atWork.countDown();
            new CountDownLatch(1).await();
            return AgentResult.done();
        });
        TestUser before = restarts.user("ada");
        before.start("t", "waits", "");
        Await.open(atWork);
        AttachmentId upload = begin();
        UploadContent slow = new UploadContent();
        AtomicReference<ErrorCode> refused = new AtomicReference<>();
        Thread sending = Thread.ofVirtual().start(() -> {
            try {
                before.engine().continueUpload(upload, 0, slow);
            } catch (RefusedException e) {
                refused.set(e.code());
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });
        slow.give(UploadContent.bytes(0, 100));
        down();
        restarts.awaitThreadsGone();
        restarts.forget();
        comeBack();
        // The piece of the engine that is no more may still be waiting for its peer.
        assertEquals(100, restarts.user("ada").engine().upload(upload).received());
        restarts.user("ada").engine().continueUpload(upload, 100, UploadContent.of(100, 500));
        slow.hand(UploadContent.bytes(100, 200));
        Await.until("it is refused", () -> !sending.isAlive());
        assertEquals(ErrorCode.ENGINE_CLOSED, refused.get());
        restarts.user("ada").engine().continueUpload(upload, 500, UploadContent.of(500, SIZE));
        expectWholeOnce(upload);
    }
}
