package io.insula.engine.user;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.insula.agent.AgentResult;
import io.insula.agent.Question;
import io.insula.agent.RunId;
import io.insula.engine.api.ErrorCode;
import io.insula.engine.api.EventSubscription;
import io.insula.engine.api.PageRequest;
import io.insula.engine.api.Receipt;
import io.insula.engine.api.RefusedException;
import io.insula.engine.api.RunRequest;
import io.insula.engine.api.Snapshot;
import io.insula.engine.api.SubscribeFrom;
import io.insula.engine.api.WhenBusy;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

final class EraseTest {
    @RegisterExtension
    final Premises premises = new Premises();

    private final TestUser ada = premises.user("ada");
    private final TestUser bob = premises.user("bob");

    @BeforeEach
    void agents() {
        premises.catalog.add("keeps", new NoteTaker()).add("asks", context -> {
            context.ask(new Question.Approval("?"));
            return AgentResult.done();
        });
    }

    private TestUser again() {
        try {
            return new TestUser(ada.id(), premises.directory.open(ada.id()));
        } catch (RefusedException e) {
            throw new AssertionError(e);
        }
    }

    private ErrorCode refusalOfOpen() {
        return assertThrows(RefusedException.class, () -> premises.directory.open(ada.id()).close())
                .code();
    }

    private void attach(TestUser user, String content) throws Exception {
        user.engine().attach("file", "text/plain", new ByteArrayInputStream(content.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void leavesNothingAndTheUserStartsAnewUnderAnotherEpoch() throws Exception {
        RunRequest request = TestUser.request("t", "keeps", "secret", WhenBusy.ENQUEUE);
        Receipt before = Await.value(ada.engine().submit(request));
        ada.awaitEnd(before.run());
        attach(ada, "secret");

        Await.value(ada.engine().erase());

        assertEquals(List.of(), premises.files());
        assertEquals(List.of(), premises.log(ada.id()));
        TestUser anew = again();
        Snapshot snapshot = anew.engine().snapshot();
        assertEquals(List.of(), snapshot.threads());
        assertEquals(0, snapshot.position().sequence());
        assertNotEquals(before.position().epoch(), snapshot.position().epoch());
        assertEquals(List.of(), anew.engine().runs(PageRequest.first()).items());
        assertEquals(0, premises.journal.textBytes(ada.id()));
        assertEquals(0, premises.journal.attachmentsCount(ada.id()));
        assertEquals(
                ErrorCode.EPOCH_UNKNOWN,
                assertThrows(
                        RefusedException.class,
                        () -> anew.engine().subscribe(new SubscribeFrom.After(before.position()), () -> {}))
                        .code());
        Receipt after = Await.value(anew.engine().submit(request));
        assertNotEquals(before.run(), after.run());
        anew.awaitEnd(after.run());
        Await.until("all is quiet", anew.room()::isQuiet);
    }

    @Test
    void leavesOthersAlone() throws Exception {
        bob.run("t", "keeps", "his");
        attach(bob, "his");
        List<?> log = premises.log(bob.id());
        attach(ada, "hers");

        Await.value(ada.engine().erase());

        assertEquals(log, premises.log(bob.id()));
        assertEquals(1, premises.files().size());
        assertEquals(List.of("his", "kept his"), bob.texts("t"));
        assertTrue(premises.journal.textBytes(bob.id()) > 0);
    }

    @Test
    void stopsWhatIsUnderWayWaitsOrIsQueued() {
        CountDownLatch atWork = new CountDownLatch(1);
        CountDownLatch stopped = new CountDownLatch(1);
        premises.catalog.add("works", context -> {
            try {
                atWork.countDown();
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                stopped.countDown();
            }
            context.say("too late");
            return AgentResult.done();
        });
        ada.start("t1", "works", "");
        ada.start("t1", "works", "queued");
        RunId asks = ada.start("t2", "asks", "");
        ada.awaitQuestion(asks);
        // One that has begun may be stopped before its agent is called.
        Await.open(atWork);

        Await.value(ada.engine().erase());

        Await.open(stopped);
        Await.until("no place is taken", () -> premises.platform.placesTaken() == 0);
        assertEquals(0, premises.platform.runsAccepted());
        assertEquals(List.of(), premises.log(ada.id()));
        TestUser anew = again();
        anew.run("t3", "keeps", "fresh");
        Await.until("all is quiet", anew.room()::isQuiet);
        assertEquals(List.of("fresh", "kept fresh"), anew.texts("t3"));
        assertEquals(1, premises.journal.snapshot(ada.id(), 1_000).threads().size());
    }

    @Test
    void endsEveryLeaseAndEverySubscriptionWithTheReason() throws Exception {
        TestUser second = again();
        EventSubscription following = second.engine().subscribe(new SubscribeFrom.Start(), () -> {});
        ada.run("t", "keeps", "seen by nobody");
        List<ErrorCode> told = new java.util.concurrent.CopyOnWriteArrayList<>();
        second.lease().ended().thenAccept(told::add);
        ada.lease().ended().thenAccept(told::add);
        TestUser gone = again();
        gone.lease().ended().thenAccept(told::add);
        gone.lease().close();

        Await.value(second.engine().erase());

        assertEquals(List.of(ErrorCode.ERASED, ErrorCode.ERASED), told);
        assertEquals(List.of(), following.poll(10, 10_000).events());
        assertEquals(ErrorCode.ERASED, assertThrows(RefusedException.class, ada.engine()::snapshot).code());
        assertEquals(ErrorCode.ERASED, Await.refusal(ada.submit("t", "keeps", "", WhenBusy.ENQUEUE)).code());
        assertEquals(
                ErrorCode.ERASED, assertThrows(RefusedException.class, () -> attach(ada, "late")).code());
    }

    @Test
    void letsNobodyInUntilItIsDone() throws Exception {
        premises.holdsWrites.set(true);
        CompletionStage<Receipt> accepted = ada.submit("t", "keeps", "under way", WhenBusy.ENQUEUE);
        CompletionStage<Void> erased = ada.engine().erase();

        assertEquals(ErrorCode.ERASED, refusalOfOpen());
        assertEquals(ErrorCode.ERASED, Await.refusal(ada.submit("t", "keeps", "", WhenBusy.ENQUEUE)).code());
        assertFalse(erased.toCompletableFuture().isDone());
        assertFalse(ada.room().isQuiet());
        CompletionStage<Void> twice = ada.engine().erase();
        premises.holdsWrites.set(false);

        Await.value(accepted);
        Await.value(erased);
        Await.value(twice);
        assertEquals(0, premises.journal.snapshot(ada.id(), 1_000).threads().size());
        assertEquals(0, again().engine().snapshot().threads().size());
    }

    @Test
    void waitsForAnUploadUnderWayWhichIsRefused() throws Exception {
        CountDownLatch reading = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        AtomicReference<Throwable> thrown = new AtomicReference<>(new AssertionError("not refused"));
        InputStream slow = new InputStream() {
            @Override
            public int read() {
                reading.countDown();
                Await.open(goOn);
                return 'x';
            }

            @Override
            public int read(byte[] buffer, int offset, int length) {
                buffer[offset] = (byte) read();
                return 1;
            }
        };
        Thread uploading = Thread.ofVirtual().start(() -> {
            try {
                ada.engine().attach("slow", "text/plain", slow);
            } catch (RefusedException | IOException e) {
                thrown.set(e);
            }
        });
        Await.open(reading);
        CompletionStage<Void> erased = ada.engine().erase();
        assertEquals(ErrorCode.ERASED, refusalOfOpen());
        goOn.countDown();
        Await.value(erased);
        Await.until("it was refused", () -> !uploading.isAlive());

        assertEquals(ErrorCode.ERASED, ((RefusedException) thrown.get()).code());
        assertEquals(List.of(), premises.files());
    }

    @Test
    void closesWhatPluginsKeepForTheUser() {
        AtomicBoolean closed = new AtomicBoolean();
        premises.catalog.add("opens", context -> {
            context.resource(Kept.class, () -> new Kept(closed));
            return AgentResult.done();
        });
        ada.run("t", "opens", "");
        Await.value(ada.engine().erase());
        Await.until("it is closed", closed::get);
    }

    /** What a plugin keeps. */
    record Kept(AtomicBoolean closed) implements AutoCloseable {
        @Override
        public void close() {
            closed.set(true);
        }
    }

    @Test
    void anErasureThatCannotBeWrittenFailsAndCanBeRepeated() throws Exception {
        AtomicBoolean fails = new AtomicBoolean(true);
        InvocationHandler handler =
                (proxy, method, arguments) -> method.getName().equals("erase") && fails.getAndSet(false)
                        ? CompletableFuture.failedFuture(new EventJournal.JournalException("on purpose"))
                        : method.invoke(premises.journal, arguments);
        EventJournal failing = EventJournal.class.cast(Proxy.newProxyInstance(
                EventJournal.class.getClassLoader(), new Class<?>[]{EventJournal.class}, handler));
        RoomDirectory directory = premises.directoryOver(failing);
        TestUser eve = new TestUser(Premises.id("eve"), directory.open(Premises.id("eve")));
        eve.run("t", "keeps", "still here");
        attach(eve, "still here");

        assertEquals(
                ErrorCode.JOURNAL_UNAVAILABLE, Await.refusal(eve.engine().erase()).code());

        TestUser still = new TestUser(eve.id(), directory.open(eve.id()));
        assertEquals(List.of("still here", "kept still here"), still.texts("t"));
        assertEquals(1, premises.files().size());
        Await.value(still.engine().erase());
        assertEquals(List.of(), premises.files());
        assertEquals(0, directory.liveRooms());
    }

    @Test
    void aPlatformThatGoesDownErasesNobodyAnyMore() {
        ada.run("t", "keeps", "stays");
        String epoch = premises.journal.bounds(ada.id()).epoch();
        premises.holdsWrites.set(true);
        CompletionStage<Void> erased = bob.engine().erase();
        Thread ending = Thread.ofVirtual().start(() -> premises.shutDown(java.time.Duration.ofSeconds(5)));
        Await.until("it goes down", () -> !premises.directory.readiness().isReady());
        Await.until("ada is refused", () -> refused(ada));
        premises.holdsWrites.set(false);

        Await.value(erased);
        Await.until("it is down", () -> !ending.isAlive());
        assertEquals(epoch, premises.journal.bounds(ada.id()).epoch());
    }

    private static boolean refused(TestUser user) {
        CompletionStage<Receipt> receipt = user.submit("t", "keeps", "", WhenBusy.REJECT);
        return receipt.toCompletableFuture().isCompletedExceptionally();
    }
}
