package io.insula.engine.user;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.insula.agent.AgentResult;
import io.insula.agent.Attachment;
import io.insula.agent.ThreadId;
import io.insula.engine.api.ErrorCode;
import io.insula.engine.api.RefusedException;
import io.insula.engine.api.RunRequest;
import io.insula.engine.api.RunState;
import io.insula.engine.api.WhenBusy;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

final class AttachmentTest {
    private static final int ONE = 100;
    private static final int ALL = 250;

    @RegisterExtension
    final Premises premises = new Premises(TestLimits.stored(ONE, ALL, 1_000));

    private final TestUser ada = premises.user("ada");

    private static InputStream bytes(int count) {
        return new ByteArrayInputStream(new byte[count]);
    }

    /** Gives some bytes, and then breaks. */
    private static InputStream broken() {
        return new InputStream() {
            private int left = 50;

            @Override
            public int read(byte[] buffer, int from, int length) throws IOException {
                if (left == 0) {
                    throw new IOException("gone");
                }
                int given = Math.min(left, length);
                left -= given;
                return given;
            }

            @Override
            public int read() throws IOException {
                return read(new byte[1], 0, 1) - 1;
            }
        };
    }

    private Attachment attach(TestUser user, int count) throws RefusedException, IOException {
        return user.engine().attach("file.bin", "application/octet-stream", bytes(count));
    }

    private ErrorCode refusal(int count) {
        return assertThrows(RefusedException.class, () -> attach(ada, count)).code();
    }

    private static RunRequest with(Attachment... files) {
        return new RunRequest(
                UUID.randomUUID(),
                Optional.of(new ThreadId("t")),
                Optional.empty(),
                Optional.of("reads"),
                "",
                List.of(files).stream().map(Attachment::id).toList(),
                WhenBusy.ENQUEUE);
    }

    @Test
    void aFileMayBeAsLargeAsItsLimitAndNoLarger() throws Exception {
        assertEquals(ONE, attach(ada, ONE).bytes());
        assertEquals(ErrorCode.ATTACHMENT_TOO_LARGE, refusal(ONE + 1));
        assertEquals(1, premises.files().size());
    }

    @Test
    void allFilesOfAUserMayBeAsLargeAsTheirLimitAndNoLarger() throws Exception {
        attach(ada, ONE);
        attach(ada, ONE);
        attach(ada, ALL - 2 * ONE);
        assertEquals(ErrorCode.ATTACHMENTS_FULL, refusal(1));
        assertEquals(3, premises.files().size());
        assertEquals(ONE, attach(premises.user("bob"), ONE).bytes());
    }

    @Test
    void anUploadThatFailsLeavesNoFileAndTakesNothingOfTheShare() throws Exception {
        for (int i = 0; i < 10; i++) {
            assertThrows(IOException.class, () -> ada.engine().attach("a", "text/plain", broken()));
            assertEquals(ErrorCode.ATTACHMENT_TOO_LARGE, refusal(ONE + 1));
        }
        assertEquals(List.of(), premises.files());
        attach(ada, ONE);
        attach(ada, ONE);
    }

    @Test
    void aFileThatTheDiskDoesNotTakeIsRefusedAndCanBeSentAgain() throws Exception {
        Path home = premises.attachments().home(ada.id());
        Files.createDirectories(home.getParent());
        Files.createFile(home);
        assertEquals(ErrorCode.JOURNAL_UNAVAILABLE, refusal(ONE));
        Files.delete(home);
        assertEquals(ONE, attach(ada, ONE).bytes());
    }

    @Test
    void uploadsAtTheSameTimeDoNotExceedTheLimitTogether() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        AtomicInteger fitted = new AtomicInteger();
        ConcurrentLinkedQueue<Throwable> failures = new ConcurrentLinkedQueue<>();
        List<Thread> threads = IntStream.range(0, 20)
                .mapToObj(i -> Thread.ofVirtual().start(() -> {
                    Await.open(go);
                    try {
                        attach(ada, ONE);
                        fitted.incrementAndGet();
                    } catch (RefusedException refused) {
                        if (refused.code() != ErrorCode.ATTACHMENTS_FULL) {
                            failures.add(refused);
                        }
                    } catch (IOException failure) {
                        failures.add(failure);
                    }
                }))
                .toList();
        go.countDown();
        Await.until("all have tried", () -> threads.stream().noneMatch(Thread::isAlive));

        assertEquals(List.of(), List.copyOf(failures));
        assertTrue(fitted.get() <= 2);
        assertEquals(fitted.get(), premises.files().size());
        // Whatever was refused in the rush, the share is whole afterwards.
        for (int i = fitted.get(); i < 2; i++) {
            attach(ada, ONE);
        }
        assertEquals(ErrorCode.ATTACHMENTS_FULL, refusal(ONE));
    }

    @Test
    void anAgentReadsTheFilesOfItsOwnUserAndNobodyElses() throws Exception {
        AtomicReference<byte[]> read = new AtomicReference<>(new byte[0]);
        AtomicReference<String> foreign = new AtomicReference<>("");
        TestUser bob = premises.user("bob");
        Attachment bobs = attach(bob, 5);
        Attachment own = ada.engine().attach("a.txt", "text/plain", new ByteArrayInputStream(new byte[]{1, 2, 3}));
        premises.catalog.add("reads", context -> {
            read.set(context.open(context.input().attachments().getFirst()).readAllBytes());
            foreign.set(String.valueOf(assertThrows(IOException.class, () -> context.open(bobs)).getMessage()));
            return AgentResult.done();
        });
        var receipt = Await.value(ada.engine().submit(with(own)));
        ada.expect(receipt.run(), RunState.COMPLETED);

        assertArrayEquals(new byte[]{1, 2, 3}, read.get());
        assertEquals("there is no such attachment", foreign.get());
        assertEquals(
                ErrorCode.ATTACHMENT_UNKNOWN,
                Await.refusal(ada.engine().submit(with(bobs))).code());
    }

    @Test
    void aFileThatAnAgentLeftOpenIsClosedWhenItsCallHasReturned() throws Exception {
        AtomicReference<InputStream> kept = new AtomicReference<>(InputStream.nullInputStream());
        Attachment own = attach(ada, 5);
        premises.catalog.add("reads", context -> {
            kept.set(context.open(context.input().attachments().getFirst()));
            return AgentResult.done();
        });
        ada.expect(Await.value(ada.engine().submit(with(own))).run(), RunState.COMPLETED);
        assertThrows(IOException.class, () -> kept.get().read());
    }

    @Test
    void anAgentHasAsManyFilesOpenAsTheLimitAndNoMore() throws Exception {
        int most = premises.limits.run().openFiles();
        Attachment own = attach(ada, 5);
        premises.catalog.add("reads", context -> {
            Attachment file = context.input().attachments().getFirst();
            for (int i = 0; i < 3 * most; i++) {
                context.open(file).close();
            }
            for (int i = 0; i < most; i++) {
                context.open(file);
            }
            assertThrows(IOException.class, () -> context.open(file));
            return AgentResult.done();
        });
        ada.expect(Await.value(ada.engine().submit(with(own))).run(), RunState.COMPLETED);
    }

    @Test
    void namesThatCouldLeadAnywhereAreRefused() {
        for (String name : List.of("", " ", "a/b", "a\\b", "a\nb", "x".repeat(256))) {
            assertEquals(
                    ErrorCode.FIELD_INVALID,
                    assertThrows(RefusedException.class, () -> ada.engine().attach(name, "text/plain", bytes(1)))
                            .code());
        }
    }
}
