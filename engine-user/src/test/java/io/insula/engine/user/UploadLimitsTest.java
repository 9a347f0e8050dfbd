package io.insula.engine.user;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.insula.agent.Attachment;
import io.insula.agent.AttachmentId;
import io.insula.engine.api.ErrorCode;
import io.insula.engine.api.RefusedException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What uploads in pieces take of a user's share, from their beginning. */
final class UploadLimitsTest {
    private static final int ONE = 100;
    private static final int ALL = 250;
    private static final int FILES = 6;

    @RegisterExtension
    final Premises premises = new Premises(limits());

    private final TestUser ada = premises.user("ada");
    private final TestUser bob = premises.user("bob");
    private final int most = premises.limits.user().unfinishedUploads();

    private static EngineLimits limits() {
        return TestLimits.attachments(ONE, ALL, FILES);
    }

    private static AttachmentId begin(TestUser user, int bytes) throws RefusedException {
        return user.engine().beginUpload("f", "text/plain", bytes).id();
    }

    private static void send(TestUser user, AttachmentId upload, int from, int to) throws Exception {
        assertEquals(to, user.engine().continueUpload(upload, from, UploadContent.of(from, to)).received());
    }

    private static Attachment attach(TestUser user, int bytes) throws Exception {
        return user.engine().attach("f", "text/plain", UploadContent.of(0, bytes));
    }

    private static ErrorCode refusalToBegin(TestUser user, int bytes) {
        return assertThrows(RefusedException.class, () -> begin(user, bytes)).code();
    }

    private static ErrorCode refusalToAttach(TestUser user, int bytes) {
        return assertThrows(RefusedException.class, () -> attach(user, bytes)).code();
    }

    @Test
    void oneMayBeAsLargeAsAnAttachmentAndNoLarger() throws Exception {
        assertEquals(ErrorCode.ATTACHMENT_TOO_LARGE, refusalToBegin(ada, ONE + 1));
        assertEquals(List.of(), premises.files());
        send(ada, begin(ada, ONE), 0, ONE);
    }

    @Test
    void whatIsAnnouncedCountsFromTheBeginning() throws Exception {
        begin(ada, ONE);
        AttachmentId second = begin(ada, ONE);
        assertEquals(ErrorCode.ATTACHMENTS_FULL, refusalToBegin(ada, ALL - 2 * ONE + 1));
        assertEquals(ErrorCode.ATTACHMENTS_FULL, refusalToAttach(ada, ALL - 2 * ONE + 1));
        attach(ada, ALL - 2 * ONE);
        assertEquals(ErrorCode.ATTACHMENTS_FULL, refusalToBegin(ada, 1));
        assertEquals(ErrorCode.ATTACHMENTS_FULL, refusalToAttach(ada, 1));
        // Whole or not: it is the same share.
        send(ada, second, 0, ONE);
        assertEquals(ErrorCode.ATTACHMENTS_FULL, refusalToBegin(ada, 1));
        attach(bob, ONE);
        begin(bob, ONE);
    }

    @Test
    void whatIsCancelledOrExpiredGivesItsShareBack() throws Exception {
        AttachmentId cancelled = begin(ada, ONE);
        begin(ada, ONE);
        attach(ada, ALL - 2 * ONE);
        ada.engine().cancelUpload(cancelled);
        attach(ada, ONE);
        assertEquals(ErrorCode.ATTACHMENTS_FULL, refusalToAttach(ada, 1));
        premises.alarms.advance(premises.limits.user().uploadExpiry());
        attach(ada, ONE);
        assertEquals(ErrorCode.ATTACHMENTS_FULL, refusalToBegin(ada, 1));
    }

    @Test
    void asManyAreUnfinishedAsTheLimitAndNoMore() throws Exception {
        List<AttachmentId> begun = new ArrayList<>();
        for (int i = 0; i < most; i++) {
            begun.add(begin(ada, 2));
        }
        assertEquals(ErrorCode.UPLOADS_FULL, refusalToBegin(ada, 2));
        begin(bob, 2);
        ada.engine().cancelUpload(begun.get(0));
        begun.set(0, begin(ada, 2));
        assertEquals(ErrorCode.UPLOADS_FULL, refusalToBegin(ada, 2));
        send(ada, begun.get(1), 0, 2);
        begin(ada, 2);
        premises.alarms.advance(premises.limits.user().uploadExpiry());
        for (int i = 0; i < most; i++) {
            begin(ada, 2);
        }
        assertEquals(ErrorCode.UPLOADS_FULL, refusalToBegin(ada, 2));
    }

    @Test
    void thereAreAsManyFilesAsTheLimitWholeOrNot() throws Exception {
        for (int i = 0; i < FILES - 2; i++) {
            attach(ada, 1);
        }
        AttachmentId one = begin(ada, 1);
        AttachmentId two = begin(ada, 1);
        assertEquals(ErrorCode.ATTACHMENTS_FULL, refusalToBegin(ada, 1));
        assertEquals(ErrorCode.ATTACHMENTS_FULL, refusalToAttach(ada, 1));
        send(ada, one, 0, 1);
        ada.engine().cancelUpload(two);
        attach(ada, 1);
        assertEquals(ErrorCode.ATTACHMENTS_FULL, refusalToBegin(ada, 0));
    }

    @Test
    void theDiskMustHaveRoomForAllThatIsToCome() throws Exception {
        premises.freeBytes.set(ONE - 1);
        assertEquals(ErrorCode.JOURNAL_UNAVAILABLE, refusalToBegin(ada, ONE));
        premises.freeBytes.set(ONE);
        AttachmentId first = begin(ada, ONE);
        assertEquals(ErrorCode.JOURNAL_UNAVAILABLE, refusalToBegin(ada, 1));
        premises.freeBytes.set(ONE - 40);
        send(ada, first, 0, 40);
        assertEquals(ErrorCode.JOURNAL_UNAVAILABLE, refusalToBegin(ada, 1));
        premises.freeBytes.set(ONE - 40 + 1);
        begin(ada, 1);
    }

    @Test
    void thoseThatBeginAtTheSameTimeDoNotExceedTheLimitsTogether() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        AtomicInteger begun = new AtomicInteger();
        List<Thread> threads = IntStream.range(0, 20)
                .mapToObj(i -> Thread.ofVirtual().start(() -> {
                    Await.open(go);
                    try {
                        begin(ada, ONE);
                        begun.incrementAndGet();
                    } catch (RefusedException refused) {
                        assertEquals(ErrorCode.ATTACHMENTS_FULL, refused.code());
                    }
                }))
                .toList();
        go.countDown();
        Await.until("all have tried", () -> threads.stream().noneMatch(Thread::isAlive));
        assertEquals(2, begun.get());
        assertTrue(premises.files().size() == 4);
    }
}
