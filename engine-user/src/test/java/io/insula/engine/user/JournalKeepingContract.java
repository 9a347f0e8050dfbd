package io.insula.engine.user;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.insula.agent.RunId;
import io.insula.agent.UserId;
import io.insula.engine.api.RunState;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** How long every journal keeps what it keeps, and how it shares what it has among users. */
abstract class JournalKeepingContract extends EventJournalContract {
    private static final String RUN = "r";

    /** Waits until just these events are kept: forgetting may take place some time after the append. */
    private static void awaitKept(EventJournal journal, long first, long last) {
        Await.until("kept are " + first + " to " + last + " only", () -> sequences(all(journal, ADA))
                .equals(from(first, last)));
        assertEquals(first, journal.bounds(ADA).start());
    }

    @Test
    void eventsAreKeptUpToTheirNumberAndTheOldestAreForgottenFirst() {
        EventJournal journal = journal(TestLimits.Kept.defaults().withEvents(10));
        Await.value(journal.append(ADA, events(RUN, 10)));
        assertEquals(from(1, 10), sequences(all(journal, ADA)));
        Await.value(journal.append(ADA, events(RUN, 1)));

        awaitKept(journal, 2, 11);
        assertEquals(1, journal.bounds(ADA).earliest().sequence());
    }

    @Test
    void eventsAreKeptUpToTheirSize() {
        int size = events(RUN, 1).events().getFirst().json().length();
        EventJournal journal = journal(TestLimits.Kept.defaults().withEventBytes(10L * size));
        Await.value(journal.append(ADA, events(RUN, 10)));
        assertEquals(from(1, 10), sequences(all(journal, ADA)));
        Await.value(journal.append(ADA, events(RUN, 1)));
        awaitKept(journal, 2, 11);
    }

    @Test
    void eventsAreKeptUpToTheirAge() {
        EventJournal journal = journal();
        Await.value(journal.append(ADA, events(RUN, 3)));
        time.advance(age());
        Await.value(journal.append(ADA, events(RUN, 1)));
        assertEquals(from(1, 4), sequences(all(journal, ADA)));
        time.advance(Duration.ofNanos(1));
        Await.value(journal.append(ADA, events(RUN, 1)));
        awaitKept(journal, 4, 5);
    }

    @Test
    void nothingIsForgottenFromTheFirstEventOfAnUnfinishedRunOn() {
        EventJournal journal = journal(TestLimits.Kept.defaults().withEvents(5));
        Await.value(journal.append(ADA, events("old", 5)));
        Await.value(journal.append(
                ADA, events("open", 1).change(run("open", 1, RunState.RUNNING, Optional.empty()))));
        Await.value(journal.append(ADA, events("other", 20)));
        awaitKept(journal, 6, 26);

        Await.value(journal.append(
                ADA, events("open", 1).change(run("open", 1, RunState.COMPLETED, Optional.empty()))));
        awaitKept(journal, 23, 27);
    }

    @Test
    void manyEventsComeAndGoAndTheSequenceStaysWhole() {
        EventJournal journal = journal(TestLimits.Kept.defaults().withEvents(1_000));
        long head = 0;
        for (int i = 0; i < 200; i++) {
            head = Await.value(journal.append(ADA, events(RUN, 37))).last();
            long last = head;
            Await.until("not many more than the limit are kept", () -> journal.bounds(ADA).start() >= last - 1_009);
            long start = journal.bounds(ADA).start();
            assertTrue(start <= Math.max(1, head - 999), () -> "forgot what is within the limit, up to " + start);
            assertEquals(from(start, head), sequences(all(journal, ADA)));
        }
        assertEquals(from(head - 9, head), sequences(journal.read(ADA, head - 10, 100, 1 << 20)));
    }

    @Test
    void aRequestIsRememberedForItsTimeBeyondTheEndOfItsRun() {
        EventJournal journal = journal();
        UUID first = UUID.randomUUID();
        Instant end = JournalTime.BEGINNING;
        Await.value(journal.append(
                ADA,
                events("a", 1)
                        .change(run("a", 1, RunState.COMPLETED, Optional.of(end)))
                        .change(request(first, "a"))));
        time.advance(TestLimits.Kept.defaults().requests());
        Await.value(journal.append(ADA, events("b", 1).change(request(UUID.randomUUID(), "b"))));
        assertEquals(
                1, journal.request(ADA, first).orElseThrow().receipt().position().sequence());
        assertEquals(Optional.empty(), journal.request(BOB, first));

        time.advance(Duration.ofNanos(1));
        Await.value(journal.append(ADA, events("c", 1).change(request(UUID.randomUUID(), "c"))));
        assertEquals(Optional.empty(), journal.request(ADA, first));
    }

    @Test
    void aRequestOfARunThatHasNotEndedIsNotForgottenByAge() {
        EventJournal journal = journal();
        UUID first = UUID.randomUUID();
        Await.value(journal.append(
                ADA,
                events("a", 1)
                        .change(run("a", 1, RunState.WAITING_FOR_ANSWER, Optional.empty()))
                        .change(request(first, "a"))));
        time.advance(Duration.ofDays(365));
        Await.value(journal.append(ADA, events("b", 1).change(request(UUID.randomUUID(), "b"))));
        assertTrue(journal.request(ADA, first).isPresent());
    }

    @Test
    void requestsAreRememberedUpToTheirNumber() {
        EventJournal journal = journal(TestLimits.Kept.defaults().withRequestsCount(3));
        List<UUID> ids = List.of(UUID.randomUUID(), UUID.randomUUID(), UUID.randomUUID(), UUID.randomUUID());
        for (UUID id : ids.subList(0, 3)) {
            Await.value(journal.append(ADA, events("a", 1).change(request(id, "a"))));
        }
        assertTrue(ids.subList(0, 3).stream().allMatch(id -> journal.request(ADA, id).isPresent()));
        Await.value(journal.append(ADA, events("a", 1).change(request(ids.getLast(), "a"))));
        assertEquals(Optional.empty(), journal.request(ADA, ids.getFirst()));
        assertTrue(ids.subList(1, 4).stream().allMatch(id -> journal.request(ADA, id).isPresent()));
    }

    @Test
    void whoFillsItsShareWaitsAndNobodyElse() {
        EventJournal journal = journal(TestLimits.Kept.defaults().withWaitingBytes(100));
        time.hold();
        journal.append(ADA, events(RUN, 50));
        time.awaitHeld();
        AtomicBoolean waited = new AtomicBoolean();
        Thread flooding = Thread.ofVirtual().start(() -> await(journal, ADA, waited));
        AtomicBoolean bobHadRoom = new AtomicBoolean();
        Thread modest = Thread.ofVirtual().start(() -> await(journal, BOB, bobHadRoom));
        Await.until("the other had room", () -> bobHadRoom.get() && !modest.isAlive());
        Await.until("the flooding one waits", () -> flooding.getState() == Thread.State.WAITING);
        assertTrue(!waited.get());
        time.goOn();
        Await.until("it has room again", () -> waited.get() && !flooding.isAlive());
    }

    private static void await(EventJournal journal, UserId user, AtomicBoolean done) {
        try {
            journal.awaitRoom(user);
            done.set(true);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void theFloodOfOneUserDelaysTheAppendOfAnotherByOneTurnOnly() {
        EventJournal journal = journal();
        time.hold();
        AtomicInteger before = new AtomicInteger();
        AtomicInteger written = new AtomicInteger();
        for (int i = 0; i < 10_000; i++) {
            boolean recorded = journal.append(ADA, events(RUN, 1))
                    .whenComplete((place, failure) -> written.incrementAndGet())
                    .toCompletableFuture()
                    .isCompletedExceptionally();
            assertTrue(!recorded);
        }
        var bobs = journal.append(BOB, events(RUN, 1)).thenApply(place -> {
            before.set(written.get());
            return place;
        });
        time.goOn();
        Await.value(bobs);

        assertTrue(before.get() <= 200, () -> "appends of the other user written before: " + before.get());
        Await.until("all are written", () -> written.get() == 10_000);
    }

    @Test
    void theLatestRunsAreKnownAndFindable() {
        EventJournal journal = journal();
        Await.value(journal.append(
                ADA, new JournalAppend().change(run("a", 7, RunState.QUEUED, Optional.empty()))));
        assertEquals(7, journal.lastRunOrdinal(ADA));
        assertEquals(0, journal.lastRunOrdinal(BOB));
        assertEquals(RunState.QUEUED, journal.run(ADA, new RunId("a")).orElseThrow().state());
        assertEquals(Optional.empty(), journal.run(BOB, new RunId("a")));
    }
}
