package io.insula.engine.user;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.insula.agent.UserId;
import io.insula.engine.user.EventJournal.Appended;
import io.insula.engine.user.JournalTask.Work;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the writer does when nobody knows whether a batch stands, with a storage that is told how to fail. */
final class JournalWriterTroubleTest {
    private static final UserId ADA = Premises.id("ada");
    private static final UserId BEN = Premises.id("ben");

    private final JournalTime time = new JournalTime();
    private final FakeAlarms alarms = new FakeAlarms();
    private final FailingStorage storage = new FailingStorage();
    private final JournalWriter writer =
            new JournalWriter(EngineLimits.defaults(), time.environment().platformThreads(), () -> 0, storage);
    private final ConcurrentLinkedQueue<JournalHealth> told = new ConcurrentLinkedQueue<>();
    private final EventJournal.Following watching = writer.watchHealth(() -> told.add(writer.health()));

    /** Writes to nowhere. */
    private final class FailingStorage implements JournalStorage {
        final AtomicInteger failingCommits = new AtomicInteger();
        final AtomicInteger failingReopens = new AtomicInteger();
        final AtomicInteger failingProbes = new AtomicInteger();
        final AtomicInteger reopened = new AtomicInteger();
        final AtomicInteger uncleanScrubs = new AtomicInteger();
        final AtomicInteger committed = new AtomicInteger();
        volatile boolean stands;
        /** Commits wait for it. */
        volatile CountDownLatch gate = new CountDownLatch(0);
        final CountDownLatch committing = new CountDownLatch(1);

        private void mayFail(AtomicInteger failures, JournalTrouble trouble) throws JournalTroubleException {
            if (failures.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
                throw new JournalTroubleException(trouble, "on purpose");
            }
        }

        @Override
        public void begin() {}

        @Override
        public void perform(JournalLanes.Turn turn) {
            turn.tasks().forEach(task -> task.done(new Appended("epoch", 1)));
        }

        @Override
        public void commit() throws JournalTroubleException {
            committing.countDown();
            Await.open(gate);
            mayFail(failingCommits, JournalTrouble.SYNC_FAILED);
            committed.incrementAndGet();
        }

        @Override
        public boolean reopen() throws JournalTroubleException {
            mayFail(failingReopens, JournalTrouble.STORAGE_FAILED);
            reopened.incrementAndGet();
            return stands;
        }

        @Override
        public void probe() throws JournalTroubleException {
            mayFail(failingProbes, JournalTrouble.DISK_FULL);
        }

        @Override
        public boolean scrub() {
            return uncleanScrubs.getAndUpdate(left -> Math.max(0, left - 1)) == 0;
        }

        @Override
        public boolean tidy() {
            return false;
        }

        @Override
        public void written(UserId user) {}

        @Override
        public void later(Duration wait, Runnable action) {
            alarms.after(wait, action);
        }

        @Override
        public void close() {}
    }

    @AfterEach
    void close() {
        watching.end();
        writer.close();
        time.awaitThreads();
    }

    private CompletionStage<Appended> append() {
        return writer.submit(ADA, new Work.Write(new JournalAppend()));
    }

    private static JournalHealth down(JournalTrouble trouble) {
        return new JournalHealth.Down(trouble);
    }

    private void awaitWritable() {
        Await.until("it can be written", () -> {
            alarms.advance(Duration.ofSeconds(5));
            return writer.health().equals(new JournalHealth.Writable());
        });
    }

    @Test
    void aBatchThatStandsAfterAFailedCommitIsCompleted() {
        storage.stands = true;
        storage.failingCommits.set(1);
        assertEquals(new Appended("epoch", 1), Await.value(append()));
        assertEquals(down(JournalTrouble.SYNC_FAILED), writer.health());
        JournalRecordsContract.expectRefused(append());
        awaitWritable();
        Await.value(append());
        assertEquals(
                List.of(down(JournalTrouble.SYNC_FAILED), new JournalHealth.Writable()), List.copyOf(told));
    }

    @Test
    void aBatchThatDoesNotStandFails() {
        storage.failingCommits.set(1);
        JournalRecordsContract.expectRefused(append());
        assertEquals(down(JournalTrouble.SYNC_FAILED), writer.health());
        assertFalse(writer.hasRoom());
        awaitWritable();
        assertTrue(writer.hasRoom());
        Await.value(append());
    }

    @Test
    void aBatchIsNeitherCompletedNorFailedWhileNobodyKnows() {
        storage.stands = true;
        storage.failingCommits.set(1);
        storage.failingReopens.set(3);
        var unknown = append().toCompletableFuture();
        Await.until("it is down", () -> told.contains(down(JournalTrouble.STORAGE_FAILED)));
        JournalRecordsContract.expectRefused(append());
        assertFalse(unknown.isDone());
        assertEquals(0, storage.reopened.get());
        awaitWritable();
        Await.value(unknown);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whatWaitedBehindABatchThatNobodyKnewOfIsRefused(boolean stands) {
        storage.stands = stands;
        storage.failingCommits.set(1);
        storage.failingReopens.set(2);
        storage.gate = new CountDownLatch(1);
        var first = append();
        Await.open(storage.committing);
        var behind = append();
        storage.gate.countDown();
        Await.until("it is down", () -> told.contains(down(JournalTrouble.STORAGE_FAILED)));
        awaitWritable();
        // Written, it would be a log without what came before, or of a room that is no more.
        JournalRecordsContract.expectRefused(behind);
        assertEquals(stands, !first.toCompletableFuture().isCompletedExceptionally());
        Await.value(append());
    }

    @Test
    void closingWhileNobodyKnowsFailsWhatWaitsBehindToo() {
        storage.failingCommits.set(1);
        storage.failingReopens.set(1_000);
        storage.gate = new CountDownLatch(1);
        var first = append();
        Await.open(storage.committing);
        var behind = append();
        storage.gate.countDown();
        Await.until("it is down", () -> told.contains(down(JournalTrouble.STORAGE_FAILED)));
        writer.close();
        JournalRecordsContract.expectRefused(first);
        JournalRecordsContract.expectRefused(behind);
    }

    @Test
    void whatWasErasedIsScrubbedAfterATroubleWithoutAnybodyWriting() {
        storage.uncleanScrubs.set(1);
        var erased = writer.submit(ADA, new Work.Erase());
        Await.until("it is to be scrubbed again", () -> alarms.set(Duration.ofMillis(50)) == 1);
        writer.suspect(new JournalTroubleException(JournalTrouble.STORAGE_FAILED, "on purpose"));
        Await.until("it is down", () -> told.contains(down(JournalTrouble.STORAGE_FAILED)));
        awaitWritable();
        Await.value(erased);
    }

    @Test
    void itIsTriedAgainAfterTwiceTheTimeUpToALimit() {
        storage.failingCommits.set(1);
        storage.failingProbes.set(20);
        JournalRecordsContract.expectRefused(append());
        for (long wait : List.of(250L, 500L, 1_000L, 2_000L, 4_000L, 5_000L, 5_000L)) {
            Duration next = Duration.ofMillis(wait);
            Await.until("the next try comes after " + next, () -> alarms.set(next) == 1);
            alarms.advance(next);
        }
        Await.until("the trouble is another", () -> writer.health().equals(down(JournalTrouble.DISK_FULL)));
        awaitWritable();
    }

    @Test
    void closingWhileNobodyKnowsFailsWhatWaits() {
        storage.failingCommits.set(1);
        storage.failingReopens.set(1_000);
        var unknown = append();
        Await.until("it is down", () -> told.contains(down(JournalTrouble.STORAGE_FAILED)));
        writer.close();
        JournalRecordsContract.expectRefused(unknown);
        JournalRecordsContract.expectRefused(append());
    }

    @Test
    void whoWaitsForRoomIsLetGoWhenTheJournalGoesDown() {
        storage.failingCommits.set(1);
        JournalRecordsContract.expectRefused(append());
        Thread waiting = Thread.ofVirtual().start(() -> {
            try {
                writer.awaitRoom(ADA);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        Await.until("it does not wait", () -> !waiting.isAlive());
    }

    /** Has the user's append told to somebody who takes until the latch is open. */
    private CompletionStage<Void> appendAndHoldUp(CountDownLatch until) {
        storage.gate = new CountDownLatch(1);
        CompletionStage<Void> slow = append().thenRun(() -> Await.open(until));
        storage.gate.countDown();
        Await.until("it is written", () -> storage.committed.get() == 1);
        return slow;
    }

    @Test
    void whoIsToldHoldsUpNobodysWriting() {
        CountDownLatch open = new CountDownLatch(1);
        CompletionStage<Void> slow = appendAndHoldUp(open);
        CompletionStage<Appended> other = writer.submit(BEN, new Work.Write(new JournalAppend()));
        Await.until("the other one's is written", () -> storage.committed.get() == 2);
        assertFalse(slow.toCompletableFuture().isDone());
        open.countDown();
        Await.value(slow);
        Await.value(other);
    }

    @Test
    void closedWhileSomebodyIsToldItWritesWhatWaitsBehind() {
        CountDownLatch open = new CountDownLatch(1);
        CompletionStage<Void> slow = appendAndHoldUp(open);
        CompletionStage<Appended> behind = append();
        Thread closing = Thread.ofPlatform().start(writer::close);
        Await.until("it is closed", () -> append().toCompletableFuture().isCompletedExceptionally());
        open.countDown();
        Await.value(slow);
        Await.value(behind);
        Await.until("it has ended", () -> !closing.isAlive());
    }

    @Test
    void whoIsToldMayClose() {
        storage.gate = new CountDownLatch(1);
        CompletionStage<Void> closed = append().thenRun(writer::close);
        storage.gate.countDown();
        Await.value(closed);
        JournalRecordsContract.expectRefused(append());
    }

    @Test
    void whatIsToldBeforeATroubleIsToldBeforeTheTrouble() {
        CountDownLatch open = new CountDownLatch(1);
        CompletionStage<Void> slow = appendAndHoldUp(open);
        CompletableFuture<List<JournalHealth>> before = new CompletableFuture<>();
        slow.thenRun(() -> before.complete(List.copyOf(told)));
        writer.suspect(new JournalTroubleException(JournalTrouble.STORAGE_FAILED, "on purpose"));
        Await.until("it takes in nothing", () -> append().toCompletableFuture().isCompletedExceptionally());
        open.countDown();
        assertEquals(List.of(), Await.value(before));
        Await.until("it is down", () -> told.contains(down(JournalTrouble.STORAGE_FAILED)));
    }
}
