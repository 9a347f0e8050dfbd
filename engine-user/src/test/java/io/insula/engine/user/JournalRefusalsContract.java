package io.insula.engine.user;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.insula.agent.RunId;
import io.insula.agent.ThreadId;
import io.insula.engine.api.RunState;
import io.insula.engine.user.EventJournal.Appended;
import io.insula.engine.user.EventJournal.RequestKnownException;
import io.insula.engine.user.EventJournal.ThreadsFullException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;

/** What no journal writes, though it could, and that nothing is left of it. */
abstract class JournalRefusalsContract extends JournalRecordsContract {
    private static final UUID REQUEST = new UUID(5, 6);
    private static final int THREADS = 2;

    private static <E extends Exception> E refusal(CompletionStage<Appended> append, Class<E> kind) {
        ExecutionException failure =
                assertThrows(ExecutionException.class, () -> append.toCompletableFuture().get());
        return assertInstanceOf(kind, failure.getCause());
    }

    private static JournalAppend accepts(String run, long ordinal) {
        return events(run, 2)
                .change(use(run))
                .change(run(run, ordinal, RunState.QUEUED, Optional.empty()))
                .change(new RecordChange.TextKept(new RecordChange.StoreKey("plugin", run), "text"))
                .change(request(REQUEST, run));
    }

    private static RecordChange use(String thread) {
        return new RecordChange.ThreadUsed(new ThreadId(thread), "title", "agent", JournalTime.BEGINNING);
    }

    private static JournalAppend uses(String thread) {
        return new JournalAppend().change(use(thread));
    }

    private static JournalAppend forks(String source, String fork) {
        return new JournalAppend().change(new RecordChange.ThreadForked(
                new ThreadId(source),
                new MessageRecord.Key(1, 1),
                new ThreadId(fork),
                "copy",
                "agent",
                JournalTime.BEGINNING));
    }

    @Test
    void aRequestIsAcceptedOnceAndNothingIsLeftOfTheSecondTime() {
        EventJournal journal = journal();
        Await.value(journal.append(ADA, accepts("a", 1)));
        RequestRecord first = journal.request(ADA, REQUEST).orElseThrow();

        assertEquals(first, refusal(journal.append(ADA, accepts("b", 2)), RequestKnownException.class).before());
        assertEquals(new RunId("a"), first.receipt().run());
        assertEquals(first, journal.request(ADA, REQUEST).orElseThrow());
        assertEquals(2, all(journal, ADA).size());
        assertEquals(Optional.empty(), journal.run(ADA, new RunId("b")));
        assertEquals(Optional.empty(), journal.thread(ADA, new ThreadId("b")));
        assertEquals(List.of("a"), journal.textNames(ADA, "plugin"));
        assertEquals(1, journal.lastRunOrdinal(ADA));
        assertEquals(3, Await.value(journal.append(ADA, events("a", 1))).last());
    }

    @Test
    void aRequestIsAcceptedOnceAlsoInOneBatch() {
        EventJournal journal = journal();
        time.hold();
        CompletionStage<Appended> held = journal.append(BOB, events("held", 1));
        time.awaitHeld();
        CompletionStage<Appended> first = journal.append(ADA, accepts("a", 1));
        CompletionStage<Appended> second = journal.append(ADA, accepts("b", 2));
        CompletionStage<Appended> behind = journal.append(ADA, events("a", 1));
        time.goOn();
        assertEquals(1, Await.value(held).last());
        assertEquals(2, Await.value(first).last());
        assertEquals(
                new RunId("a"),
                refusal(second, RequestKnownException.class).before().receipt().run());
        assertEquals(3, Await.value(behind).last());
    }

    @Test
    void requestsOfDifferentUsersHaveNothingToDoWithEachOther() {
        EventJournal journal = journal();
        Await.value(journal.append(ADA, accepts("a", 1)));
        Await.value(journal.append(BOB, accepts("a", 1)));
        assertEquals(2, all(journal, BOB).size());
    }

    @Test
    void aRequestThatIsForgottenMayBeAcceptedAgain() {
        EventJournal journal = journal(TestLimits.Kept.defaults().withRequestsCount(1));
        Await.value(journal.append(ADA, accepts("a", 1)));
        Await.value(journal.append(ADA, events("b", 1).change(request(UUID.randomUUID(), "b"))));
        Await.value(journal.append(ADA, accepts("c", 2)));
        assertEquals(
                new RunId("c"), journal.request(ADA, REQUEST).orElseThrow().receipt().run());
    }

    @Test
    void whatFollowsARefusedAcceptanceInItsChainIsNotWrittenEither() {
        EventJournal journal = journal();
        Await.value(journal.append(ADA, accepts("a", 1)));
        AppendChain chain = new AppendChain();
        refusal(journal.append(ADA, accepts("b", 2).in(chain)), RequestKnownException.class);
        expectRefused(journal.append(ADA, events("b", 1).in(chain)));
        assertEquals(2, all(journal, ADA).size());
    }

    @Test
    void thereAreSoManyThreadsAndNotOneMore() {
        EventJournal journal = journal(OneLimit.ofUser("threads", THREADS));
        Await.value(journal.append(ADA, uses("a")));
        Await.value(journal.append(ADA, uses("b")));
        refusal(journal.append(ADA, events("c", 1).change(use("c"))), ThreadsFullException.class);
        refusal(journal.append(ADA, forks("a", "c")), ThreadsFullException.class);
        assertEquals(List.of(), all(journal, ADA));
        assertEquals(Optional.empty(), journal.thread(ADA, new ThreadId("c")));

        Await.value(journal.append(ADA, uses("a")));
        Await.value(journal.append(ADA, forks("a", "b")));
        Await.value(journal.append(BOB, uses("c")));
        Await.value(journal.append(
                ADA, new JournalAppend().change(new RecordChange.ThreadDeleted(new ThreadId("a")))));
        Await.value(journal.append(ADA, forks("b", "c")));
        refusal(journal.append(ADA, uses("d")), ThreadsFullException.class);
    }
}
