package io.insula.engine.user;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.insula.agent.ConversationMessage;
import io.insula.agent.RunId;
import io.insula.agent.ThreadId;
import io.insula.agent.UserId;
import io.insula.engine.api.ErrorCode;
import io.insula.engine.api.RunRequest;
import io.insula.engine.api.RunState;
import io.insula.engine.api.UserEvent;
import io.insula.engine.api.WhenBusy;
import io.insula.engine.user.EventJournal.Appended;
import io.insula.engine.user.EventJournal.JournalException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What every journal keeps. A subclass says how one is made. */
abstract class EventJournalContract {
    static final UserId ADA = Premises.id("ada");
    static final UserId BOB = Premises.id("bob");
    static final ThreadId THREAD = new ThreadId("t");

    final JournalTime time = new JournalTime();
    private Optional<EventJournal> made = Optional.empty();

    /** Makes a journal without anything in it. */
    abstract EventJournal make(EngineLimits limits, EngineEnvironment environment);

    EventJournal journal(TestLimits.Kept kept) {
        return journal(TestLimits.kept(kept));
    }

    EventJournal journal(EngineLimits limits) {
        EventJournal journal = make(limits, time.environment());
        made = Optional.of(journal);
        open(journal, ADA);
        open(journal, BOB);
        return journal;
    }

    static void open(EventJournal journal, UserId user) {
        try {
            journal.open(user);
        } catch (JournalException e) {
            throw new AssertionError(e);
        }
    }

    EventJournal journal() {
        return journal(TestLimits.Kept.defaults());
    }

    @AfterEach
    void close() {
        time.goOn();
        made.ifPresent(EventJournal::close);
        time.awaitThreads();
    }

    static JournalAppend events(String run, int count) {
        JournalAppend append = new JournalAppend();
        for (int i = 0; i < count; i++) {
            append.event(THREAD, new RunId(run), "{\"i\":" + i + "}");
        }
        return append;
    }

    static RecordChange run(String run, long ordinal, RunState state, Optional<Instant> endedAt) {
        return new RecordChange.RunSaved(new RunRecord(
                new RunId(run),
                THREAD,
                ordinal,
                "agent",
                state,
                Optional.empty(),
                JournalTime.BEGINNING,
                Optional.empty(),
                endedAt,
                List.of()));
    }

    static MessageRecord message(String run, long ordinal, int index, String text) {
        return new MessageRecord(
                new MessageRecord.Key(ordinal, index),
                run + index,
                THREAD,
                new RunId(run),
                ConversationMessage.Role.USER,
                "agent",
                text,
                List.of(),
                JournalTime.BEGINNING);
    }

    static RecordChange request(UUID id, String run) {
        RunRequest body = new RunRequest(
                id, Optional.of(THREAD), Optional.empty(), Optional.empty(), "", List.of(), WhenBusy.ENQUEUE);
        return new RecordChange.RequestAccepted(id, body, new RunId(run), THREAD, 0);
    }

    static List<UserEvent> all(EventJournal journal, UserId user) {
        return journal.read(user, 0, Integer.MAX_VALUE, Integer.MAX_VALUE);
    }

    static List<Long> sequences(List<UserEvent> events) {
        return events.stream().map(UserEvent::sequence).toList();
    }

    static List<Long> from(long first, long last) {
        return LongStream.rangeClosed(first, last).boxed().toList();
    }

    @Test
    void aLogThatNobodyWroteToIsEmpty() {
        EventJournal journal = journal();
        assertEquals(0, journal.bounds(ADA).head());
        assertEquals(1, journal.bounds(ADA).start());
        assertEquals(0, journal.bounds(ADA).earliest().sequence());
        assertEquals(List.of(), all(journal, ADA));
        assertEquals(0, journal.lastRunOrdinal(ADA));
        assertFalse(journal.bounds(ADA).epoch().equals(journal.bounds(BOB).epoch()));
    }

    @Test
    void anAppendIsSeenAsAWholeEventsAndRecordsTogether() {
        EventJournal journal = journal();
        AtomicBoolean over = new AtomicBoolean();
        AtomicInteger torn = new AtomicInteger();
        Thread reader = Thread.ofPlatform().start(() -> {
            while (!over.get()) {
                // A snapshot is taken at one moment; what it tells must fit its position.
                var snapshot = journal.snapshot(ADA, 10);
                boolean open = !snapshot.runs().isEmpty();
                if (open != (snapshot.position().sequence() % 10 == 5) || snapshot.position().sequence() % 5 != 0) {
                    torn.incrementAndGet();
                }
            }
        });
        for (int i = 1; i <= 150; i++) {
            journal.append(ADA, events("r", 5).change(run("r", 1, RunState.RUNNING, Optional.empty())));
            Await.value(journal.append(ADA, events("r", 5).change(run("r", 1, RunState.COMPLETED, Optional.empty()))));
        }
        over.set(true);
        Await.until("the reader has ended", () -> !reader.isAlive());
        assertEquals(0, torn.get());
    }

    @Test
    void appendsOfAUserCompleteInTheOrderOfTheCalls() {
        EventJournal journal = journal();
        ConcurrentLinkedQueue<Long> order = new ConcurrentLinkedQueue<>();
        List<CompletableFuture<Appended>> stages = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            stages.add(journal.append(ADA, events("r", 1 + i % 3))
                    .whenComplete((place, failure) -> order.add(place.last()))
                    .toCompletableFuture());
        }
        stages.forEach(Await::value);
        Await.until("all were told", () -> order.size() == 1_000);
        List<Long> sorted = new ArrayList<>(order);
        Collections.sort(sorted);
        assertEquals(sorted, List.copyOf(order));
    }

    @Test
    void whatHasCompletedCanBeRead() {
        EventJournal journal = journal();
        for (int i = 0; i < 200; i++) {
            AtomicLong read = new AtomicLong(-1);
            long last = Await.value(journal.append(ADA, events("r", 2)).thenApply(place -> {
                read.set(journal.bounds(ADA).head());
                return place.last();
            }));
            assertTrue(read.get() >= last);
        }
    }

    @Test
    void sequencesAreWholeWhoeverAppendsAtTheSameTime() {
        EventJournal journal = journal();
        List<Thread> threads = IntStream.range(0, 20)
                .mapToObj(i -> Thread.ofVirtual().start(() -> {
                    for (int n = 0; n < 100; n++) {
                        journal.append(ADA, events("a" + i, 1 + n % 4));
                        journal.append(BOB, events("b" + i, 1));
                    }
                }))
                .toList();
        Await.until("all have appended", () -> threads.stream().noneMatch(Thread::isAlive));
        Await.value(journal.append(ADA, new JournalAppend()));
        Await.value(journal.append(BOB, new JournalAppend()));

        assertEquals(from(1, 20 * 250), sequences(all(journal, ADA)));
        assertEquals(from(1, 20 * 100), sequences(all(journal, BOB)));
        assertTrue(all(journal, BOB).stream().allMatch(event -> event.run().value().startsWith("b")));
    }

    @Test
    void whoReadsAndIsToldOfMoreMissesNothingAndReadsNothingTwice() {
        EventJournal journal = journal();
        Await.value(journal.append(ADA, events("r", 50)));
        List<UserEvent> seen = Collections.synchronizedList(new ArrayList<>());
        AtomicLong at = new AtomicLong();
        var following = journal.follow(ADA, () -> read(journal, seen, at));
        Await.value(journal.append(ADA, events("r", 1)));
        for (int i = 0; i < 500; i++) {
            journal.append(ADA, events("r", 1 + i % 3));
        }
        long head = Await.value(journal.append(ADA, events("r", 1))).last();
        Await.until("everything was read", () -> at.get() == head);
        following.end();

        assertEquals(from(1, head), sequences(seen));
    }

    private static void read(EventJournal journal, List<UserEvent> seen, AtomicLong at) {
        List<UserEvent> events = journal.read(ADA, at.get(), 7, 1 << 20);
        while (!events.isEmpty()) {
            seen.addAll(events);
            at.set(events.getLast().sequence());
            events = journal.read(ADA, at.get(), 7, 1 << 20);
        }
    }

    @Test
    void aReadStopsAtItsNumberAndBehindTheEventThatReachesItsSize() {
        EventJournal journal = journal();
        Await.value(journal.append(ADA, events("r", 10)));
        int size = all(journal, ADA).getFirst().json().length();

        assertEquals(from(3, 5), sequences(journal.read(ADA, 2, 3, 1 << 20)));
        assertEquals(from(1, 1), sequences(journal.read(ADA, 0, 10, 1)));
        assertEquals(from(1, 2), sequences(journal.read(ADA, 0, 10, 2 * size)));
        assertEquals(from(1, 3), sequences(journal.read(ADA, 0, 10, 2 * size + 1)));
        assertEquals(List.of(), journal.read(ADA, 10, 10, 1 << 20));
        assertEquals(List.of(), journal.read(ADA, 1L << 40, 10, 1 << 20));
    }

    /** Who stopped a run while its user was erased was told that the journal cannot be written. */
    @Test
    void whatComesBehindAnEraseIsRefusedForThat() throws Exception {
        EventJournal journal = journal();
        Await.value(journal.append(ADA, events("r", 1)));
        journal.erase(ADA).toCompletableFuture().get();
        var late = journal.append(ADA, events("r", 1));
        ExecutionException failure =
                assertThrows(ExecutionException.class, () -> late.toCompletableFuture().get());

        assertInstanceOf(EventJournal.NoLogException.class, failure.getCause());
        assertEquals(ErrorCode.ERASED, Refusals.unwritten(failure.getCause()).code());
    }

    @Test
    void whoFollowsReadsNothingOfWhatWasErased() {
        EventJournal journal = journal();
        var following = journal.follow(ADA, () -> {});
        Await.value(journal.append(ADA, events("r", 3)));
        assertEquals(from(1, 3), sequences(all(journal, ADA)));
        Await.value(journal.erase(ADA));
        assertEquals(List.of(), all(journal, ADA));

        open(journal, ADA);
        assertEquals(List.of(), all(journal, ADA));
        Await.value(journal.append(ADA, events("after", 1)));
        assertEquals(
                List.of(new RunId("after")),
                all(journal, ADA).stream().map(UserEvent::run).toList());
        following.end();
    }

    @Test
    void aBadAppendFailsAloneAndNothingOfItIsWritten() {
        EventJournal journal = journal();
        Await.value(journal.append(ADA, events("r", 3)));
        time.failNextWrite();
        var bad = journal.append(
                ADA, events("bad", 2).change(run("bad", 1, RunState.RUNNING, Optional.empty())));
        var good = journal.append(ADA, events("r", 1));
        ExecutionException failure =
                assertThrows(ExecutionException.class, () -> bad.toCompletableFuture().get());

        assertInstanceOf(JournalException.class, failure.getCause());
        assertEquals(4, Await.value(good).last());
        assertEquals(from(1, 4), sequences(all(journal, ADA)));
        assertEquals(Optional.empty(), journal.run(ADA, new RunId("bad")));
    }

    @Test
    void aFollowerThatFailsInAnyWayDisturbsNobody() {
        EventJournal journal = journal();
        var following = journal.follow(ADA, () -> {
            throw new StackOverflowError("a follower's own");
        });
        Await.value(journal.append(ADA, events("r", 1)));
        Await.value(journal.append(BOB, events("r", 1)));
        Await.value(journal.append(ADA, events("r", 1)));
        following.end();
        assertEquals(from(1, 2), sequences(all(journal, ADA)));
    }

    @Test
    void aLogHasOneFollowerAtATime() {
        EventJournal journal = journal();
        var first = journal.follow(ADA, () -> {});
        assertThrows(IllegalStateException.class, () -> journal.follow(ADA, () -> {}));
        first.end();
        first.end();
        journal.follow(ADA, () -> {}).end();
    }

    @Test
    void closingWritesWhatWaitsAndTakesNothingMore() {
        EventJournal journal = journal();
        time.hold();
        List<CompletableFuture<Appended>> waiting = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            waiting.add(journal.append(i % 2 == 0 ? ADA : BOB, events("r", 1)).toCompletableFuture());
        }
        Thread closing = Thread.ofPlatform().start(journal::close);
        Await.until("nothing is taken in", () -> !journal.hasRoom());
        time.goOn();
        Await.until("it is closed", () -> !closing.isAlive());

        waiting.forEach(stage -> assertTrue(stage.isDone() && !stage.isCompletedExceptionally()));
        assertTrue(journal.append(ADA, events("r", 1)).toCompletableFuture().isCompletedExceptionally());
        assertEquals(150, Await.value(waiting.get(298)).last());
        assertEquals(150, Await.value(waiting.get(299)).last());
    }

    @Test
    void messagesThatAreTakenBackAreGoneAndOthersStay() {
        EventJournal journal = journal();
        Await.value(journal.append(
                ADA,
                new JournalAppend()
                        .change(new RecordChange.ThreadUsed(THREAD, "title", "agent", JournalTime.BEGINNING))
                        .change(new RecordChange.MessageSaved(message("a", 1, 1, "one")))
                        .change(new RecordChange.MessageSaved(message("b", 2, 1, "two")))
                        .change(new RecordChange.MessagesHidden(THREAD, Set.of(new RunId("a"))))));
        assertEquals(
                List.of("two"),
                journal.conversation(ADA, THREAD, 3, 10).stream().map(MessageRecord::text).toList());
        assertEquals(List.of(), journal.conversation(ADA, THREAD, 2, 10));
        assertEquals(List.of(), journal.conversation(BOB, THREAD, 3, 10));
    }

    static Duration age() {
        return TestLimits.Kept.defaults().age();
    }
}
