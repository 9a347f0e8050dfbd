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
import io.insula.engine.api.Upload;
import io.insula.engine.api.UserExecutionEngine;
import io.insula.engine.api.WhenBusy;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Files that come in pieces. */
final class UploadTest {
    private static final int SIZE = 300_000;
    private static final Duration BLINK = Duration.ofNanos(1);

    @RegisterExtension
    final Premises premises = new Premises();

    private final TestUser ada = premises.user("ada");
    private final Duration expiry = premises.limits.user().uploadExpiry();

    private AttachmentId begin(int size) throws RefusedException {
        return ada.engine().beginUpload("file.bin", "application/octet-stream", size).id();
    }

    private Upload send(AttachmentId upload, int from, int to) throws Exception {
        return ada.engine().continueUpload(upload, from, UploadContent.of(from, to));
    }

    private ErrorCode refusal(AttachmentId upload, int from, int to) {
        return assertThrows(RefusedException.class, () -> send(upload, from, to)).code();
    }

    private ErrorCode refusal(AttachmentId upload) {
        return assertThrows(RefusedException.class, () -> ada.engine().upload(upload)).code();
    }

    private void expectContent(AttachmentId file, int size) throws IOException {
        try (InputStream content = premises.attachments().open(ada.id(), file)) {
            assertArrayEquals(UploadContent.bytes(0, size), content.readAllBytes());
        }
    }

    @Test
    void isAnAttachmentWhenItsLastPieceHasCome() throws Exception {
        Upload begun = ada.engine().beginUpload("große.csv", "text/csv", SIZE);
        assertEquals(
                new Upload(
                        begun.id(),
                        "große.csv",
                        "text/csv",
                        0,
                        SIZE,
                        Optional.of(premises.alarms.instant().plus(expiry)),
                        Optional.empty()),
                begun);
        assertEquals(100_001, send(begun.id(), 0, 100_001).received());
        assertEquals(100_001, send(begun.id(), 100_001, 100_001).received());
        Upload before = send(begun.id(), 100_001, SIZE - 1);
        assertEquals(Optional.empty(), before.attachment());
        assertEquals(before, ada.engine().upload(begun.id()));
        assertEquals(0, premises.journal.attachmentsCount(ada.id()));

        Upload whole = send(begun.id(), SIZE - 1, SIZE);

        Attachment file = new Attachment(begun.id(), "große.csv", "text/csv", SIZE);
        assertEquals(Optional.of(file), whole.attachment());
        assertEquals(SIZE, whole.received());
        assertEquals(Optional.empty(), whole.expiresAt());
        assertEquals(List.of(file), premises.journal.attachments(ada.id()));
        assertEquals(1, premises.files().size());
        expectContent(begun.id(), SIZE);
    }

    @Test
    void isReadByAnAgentLikeAnyOther() throws Exception {
        AtomicReference<byte[]> read = new AtomicReference<>(new byte[0]);
        premises.catalog.add("reads", context -> {
            read.set(context.open(context.input().attachments().getFirst()).readAllBytes());
            return AgentResult.done();
        });
        AttachmentId upload = begin(SIZE);
        send(upload, 0, 5);
        RunRequest request = new RunRequest(
                UUID.randomUUID(), Optional.empty(), Optional.empty(), Optional.of("reads"), "", List.of(upload),
                WhenBusy.ENQUEUE);
        assertEquals(
                ErrorCode.ATTACHMENT_UNKNOWN,
                Await.refusal(ada.engine().submit(request)).code());
        send(upload, 5, SIZE);
        ada.awaitEnd(Await.value(ada.engine().submit(request)).run());

        assertArrayEquals(UploadContent.bytes(0, SIZE), read.get());
    }

    @Test
    void isToldOfAgainAndAgainOnceItIsWhole() throws Exception {
        AttachmentId upload = begin(SIZE);
        Upload whole = send(upload, 0, SIZE);
        for (int i = 0; i < 3; i++) {
            assertEquals(whole, ada.engine().upload(upload));
            assertEquals(whole, send(upload, SIZE, SIZE));
            assertEquals(ErrorCode.UPLOAD_OFFSET, refusal(upload, 0, SIZE));
        }
        premises.alarms.advance(expiry.multipliedBy(2));
        assertEquals(whole, ada.engine().upload(upload));
        assertEquals(1, premises.journal.attachmentsCount(ada.id()));
        assertEquals(SIZE, premises.journal.attachmentsBytes(ada.id()));
    }

    @Test
    void keepsWhatCameBeforeTheLineBroke() throws Exception {
        AttachmentId upload = begin(SIZE);
        for (int from = 0; from < SIZE; from += 60_000) {
            int start = from;
            IOException broken = assertThrows(
                    IOException.class,
                    () -> ada.engine().continueUpload(upload, start, UploadContent.broken(start, start + 59_999)));
            assertEquals("gone", broken.getMessage());
            assertEquals(from + 59_999, ada.engine().upload(upload).received());
            assertEquals(from + 60_000, send(upload, from + 59_999, from + 60_000).received());
        }
        expectContent(upload, SIZE);
    }

    @Test
    void takesNoPieceAtAnotherPlaceAndReadsNothingOfIt() throws Exception {
        AttachmentId upload = begin(SIZE);
        send(upload, 0, 1_000);
        for (int offset : new int[]{-1, 0, 999, 1_001, SIZE, SIZE + 1}) {
            UploadContent unread = new UploadContent();
            RefusedException refused = assertThrows(
                    RefusedException.class, () -> ada.engine().continueUpload(upload, offset, unread));
            assertEquals(ErrorCode.UPLOAD_OFFSET, refused.code());
            assertTrue(refused.getMessage().contains("1000 bytes"), refused.getMessage());
        }
        send(upload, 1_000, SIZE);
        expectContent(upload, SIZE);
    }

    @Test
    void readsNothingBehindTheLastByteThatWasAnnounced() throws Exception {
        AttachmentId upload = begin(1_000);
        InputStream more = UploadContent.of(0, 1_500);
        assertTrue(ada.engine().continueUpload(upload, 0, more).attachment().isPresent());
        assertEquals(500, more.available());
        // A peer that sends all and keeps the line open is answered.
        AttachmentId other = begin(10);
        UploadContent open = new UploadContent();
        open.hand(UploadContent.bytes(0, 10));
        assertTrue(ada.engine().continueUpload(other, 0, open).attachment().isPresent());
    }

    @Test
    void isWholeAtOnceIfThereIsNothingToCome() throws Exception {
        Upload empty = ada.engine().beginUpload("empty", "text/plain", 0);
        assertEquals(0, empty.attachment().orElseThrow().bytes());
        assertEquals(empty, ada.engine().upload(empty.id()));
        assertEquals(1, premises.files().size());
        expectContent(empty.id(), 0);
    }

    @Test
    void isRefusedWithANameOrASizeThatNoFileHas() {
        for (String name : List.of("", "a/b", "x".repeat(256))) {
            assertEquals(ErrorCode.FIELD_INVALID, refusalOf(name, "text/plain", 1));
        }
        assertEquals(ErrorCode.FIELD_INVALID, refusalOf("a", "", 1));
        assertEquals(ErrorCode.FIELD_INVALID, refusalOf("a", "text/plain", -1));
    }

    private ErrorCode refusalOf(String name, String mediaType, long bytes) {
        return assertThrows(RefusedException.class, () -> ada.engine().beginUpload(name, mediaType, bytes))
                .code();
    }

    @Test
    void isGoneWhenItIsCancelled() throws Exception {
        AttachmentId upload = begin(SIZE);
        send(upload, 0, 1_000);
        ada.engine().cancelUpload(upload);

        assertEquals(ErrorCode.UPLOAD_UNKNOWN, refusal(upload));
        assertEquals(ErrorCode.UPLOAD_UNKNOWN, refusal(upload, 1_000, 1_001));
        assertEquals(
                ErrorCode.UPLOAD_UNKNOWN,
                assertThrows(RefusedException.class, () -> ada.engine().cancelUpload(upload))
                        .code());
        assertEquals(List.of(), premises.files());
    }

    @Test
    void cannotBeCancelledOnceItIsWhole() throws Exception {
        AttachmentId upload = begin(10);
        Upload whole = send(upload, 0, 10);
        assertEquals(
                ErrorCode.UPLOAD_UNKNOWN,
                assertThrows(RefusedException.class, () -> ada.engine().cancelUpload(upload))
                        .code());
        assertEquals(whole, ada.engine().upload(upload));
        expectContent(upload, 10);
    }

    @Test
    void isThereUntilItExpiresAndNotThen() throws Exception {
        AttachmentId upload = begin(SIZE);
        send(upload, 0, 1_000);
        premises.alarms.advance(expiry.minus(BLINK));
        assertEquals(1_000, ada.engine().upload(upload).received());
        assertEquals(1_001, send(upload, 1_000, 1_001).received());
        premises.alarms.advance(BLINK);

        assertEquals(ErrorCode.UPLOAD_UNKNOWN, refusal(upload, 1_001, 1_002));
        assertEquals(List.of(), premises.files());
        assertEquals(ErrorCode.UPLOAD_UNKNOWN, refusal(upload));
    }

    @Test
    void expiresUnderAPieceThatIsComingIn() throws Exception {
        AttachmentId upload = begin(SIZE);
        UploadContent slow = new UploadContent();
        AtomicReference<Optional<Throwable>> end = new AtomicReference<>(Optional.empty());
        Thread sending = Thread.ofVirtual().start(() -> {
            try {
                ada.engine().continueUpload(upload, 0, slow);
            } catch (RefusedException | IOException e) {
                end.set(Optional.of(e));
            }
        });
        slow.give(UploadContent.bytes(0, 100));
        premises.alarms.advance(expiry);
        slow.hand(UploadContent.bytes(100, 200));
        Await.until("it has ended", () -> !sending.isAlive());

        assertEquals(ErrorCode.UPLOAD_UNKNOWN, ((RefusedException) end.get().orElseThrow()).code());
        assertEquals(ErrorCode.UPLOAD_UNKNOWN, refusal(upload));
        assertEquals(List.of(), premises.files());
    }

    @Test
    void isRemovedWhenItsTimeIsOverThoughNobodyAsks() throws Exception {
        AttachmentId upload = begin(SIZE);
        send(upload, 0, 1_000);
        StrayFiles strays = new StrayFiles(premises.attachments(), premises.journal, premises.alarms);
        premises.alarms.advance(expiry.minus(BLINK));
        strays.removeUploads();
        assertEquals(2, premises.files().size());
        premises.alarms.advance(BLINK);
        strays.removeUploads();
        assertEquals(List.of(), premises.files());
    }

    @Test
    void keepsNoEngineAndGoesOnInTheNext() throws Exception {
        AttachmentId upload = begin(SIZE);
        send(upload, 0, 1_000);
        ada.lease().close();
        premises.alarms.advance(premises.limits.user().idleEviction().multipliedBy(2));
        assertEquals(0, premises.directory.liveRooms());

        try (UserExecutionEngine.Lease lease = premises.directory.open(ada.id())) {
            assertEquals(1_000, lease.engine().upload(upload).received());
            lease.engine().continueUpload(upload, 1_000, UploadContent.of(1_000, SIZE));
        }
        expectContent(upload, SIZE);
    }

    @Test
    void isLeftOutOfAnExportUntilItIsWhole() throws Exception {
        AttachmentId upload = begin(10);
        send(upload, 0, 9);
        assertFalse(export().contains(upload.value()));
        send(upload, 9, 10);
        assertTrue(export().contains("attachments/" + upload.value()));
    }

    private String export() throws Exception {
        ByteArrayOutputStream archive = new ByteArrayOutputStream();
        ada.engine().export(archive);
        return archive.toString(StandardCharsets.ISO_8859_1);
    }
}
