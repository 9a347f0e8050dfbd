package io.insula.engine.user;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.insula.agent.AgentResult;
import io.insula.agent.RunId;
import io.insula.agent.ThreadId;
import io.insula.engine.api.ErrorCode;
import io.insula.engine.api.RunState;
import io.insula.engine.api.ThreadMessage;
import io.insula.engine.api.ThreadSummary;
import io.insula.engine.api.WhenBusy;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

final class ForkTest {
    private static final int THREADS = 4;

    @RegisterExtension
    final Premises premises = new Premises(OneLimit.ofUser("threads", THREADS));

    private final TestUser ada = premises.user("ada");

    @BeforeEach
    void agents() {
        premises.catalog.add("echo", context -> {
            context.say("echo " + context.input().text());
            return AgentResult.done();
        }).add("recalls", context -> {
            context.say(context.conversation(10).stream()
                    .map(message -> message.text())
                    .collect(Collectors.joining(",")));
            return AgentResult.done();
        });
    }

    private CompletionStage<ThreadSummary> fork(String thread, String message, String fork) {
        return ada.engine().fork(new ThreadId(thread), message, Optional.of(new ThreadId(fork)));
    }

    private String messageId(String thread, int index) {
        return ada.messages(thread).get(index).id();
    }

    @Test
    void holdsTheMessagesUpToTheOneNamedAndGoesOnByItself() {
        ada.run("t", "echo", "one");
        ada.run("t", "echo", "two");

        ThreadSummary fork = Await.value(fork("t", messageId("t", 1), "f"));

        assertEquals(new ThreadId("f"), fork.thread());
        assertEquals("one", fork.title());
        assertEquals("echo", fork.agent());
        assertFalse(fork.busy());
        assertEquals(List.of("one", "echo one"), ada.texts("f"));
        ada.run("f", "recalls", "three");
        assertEquals(List.of("one", "echo one", "three", "one,echo one"), ada.texts("f"));
        assertEquals(List.of("one", "echo one", "two", "echo two"), ada.texts("t"));
    }

    @Test
    void isTheSummaryThatIsListed() throws Exception {
        ada.run("t", "echo", "one");
        ThreadSummary fork = Await.value(fork("t", messageId("t", 0), "f"));

        assertEquals(fork, ada.engine().threads(io.insula.engine.api.PageRequest.first()).items().getFirst());
    }

    @Test
    void getsAnIdWhereNoneIsChosenAndItsMessagesHaveIdsOfTheirOwn() {
        ada.run("t", "echo", "one");

        ThreadSummary fork =
                Await.value(ada.engine().fork(new ThreadId("t"), messageId("t", 1), Optional.empty()));

        List<ThreadMessage> copies = ada.messages(fork.thread().value());
        Set<String> ids = Stream.concat(copies.stream(), ada.messages("t").stream())
                .map(ThreadMessage::id)
                .collect(Collectors.toSet());
        assertEquals(4, ids.size());
        assertNotEquals(new ThreadId("t"), fork.thread());
    }

    @Test
    void canBeForkedAgainAndOutlivesItsSource() {
        ada.run("t", "echo", "one");
        Await.value(fork("t", messageId("t", 1), "f"));
        Await.value(ada.engine().delete(new ThreadId("t")));
        Await.value(fork("f", messageId("f", 0), "g"));

        assertEquals(List.of("one", "echo one"), ada.texts("f"));
        assertEquals(List.of("one"), ada.texts("g"));
    }

    @Test
    void leavesRunsOfTheSourceWhereTheyAre() {
        CountDownLatch goOn = new CountDownLatch(1);
        premises.catalog.add("waits", context -> {
            context.say("begun");
            Await.open(goOn);
            context.say("ended");
            return AgentResult.done();
        });
        RunId run = ada.start("t", "waits", "one");
        Await.until("it has said something", () -> ada.texts("t").size() == 2);

        assertFalse(Await.value(fork("t", messageId("t", 1), "f")).busy());
        ada.run("f", "echo", "meanwhile");
        goOn.countDown();
        ada.expect(run, RunState.COMPLETED);

        assertEquals(List.of("one", "begun", "ended"), ada.texts("t"));
        assertEquals(List.of("one", "begun", "meanwhile", "echo meanwhile"), ada.texts("f"));
    }

    @Test
    void whatIsNotThereIsRefused() {
        ada.run("t", "echo", "one");
        ada.run("other", "echo", "two");

        assertEquals(ErrorCode.THREAD_UNKNOWN, Await.refusal(fork("none", "m", "f")).code());
        assertEquals(ErrorCode.MESSAGE_UNKNOWN, Await.refusal(fork("t", "none", "f")).code());
        assertEquals(ErrorCode.MESSAGE_UNKNOWN, Await.refusal(fork("t", messageId("other", 0), "f")).code());
        assertEquals(ErrorCode.THREAD_EXISTS, Await.refusal(fork("t", messageId("t", 0), "other")).code());
        assertEquals(2, premises.journal.snapshot(ada.id(), 1_000).threads().size());
    }

    @Test
    void aMessageThatWasTakenBackIsUnknown() {
        premises.catalog.add("asks", context -> {
            context.say("taken back");
            context.ask(new io.insula.agent.Question.Approval("?"));
            return AgentResult.done();
        });
        RunId first = ada.start("t", "asks", "one");
        ada.awaitQuestion(first);
        String gone = messageId("t", 1);
        Await.value(ada.submit("t", "echo", "two", WhenBusy.ROLLBACK));

        assertEquals(ErrorCode.MESSAGE_UNKNOWN, Await.refusal(fork("t", gone, "f")).code());
        Await.until("the second has ended", () -> ada.texts("t").size() == 2);
    }

    @Test
    void thereAreAsManyThreadsAsThereMayBeAndNotOneMoreAlsoWhileNothingIsDurable() {
        ada.run("t", "echo", "one");
        String message = messageId("t", 0);
        premises.holdsWrites.set(true);
        List<CompletionStage<ThreadSummary>> forks = Stream.of("f1", "f2", "f3")
                .map(id -> fork("t", message, id))
                .toList();
        CompletionStage<ThreadSummary> tooMany = fork("t", message, "f4");
        assertEquals(ErrorCode.THREAD_EXISTS, Await.refusal(fork("t", message, "f1")).code());
        premises.holdsWrites.set(false);
        forks.forEach(Await::value);
        assertEquals(ErrorCode.RECORDS_FULL, Await.refusal(tooMany).code());

        assertEquals(THREADS, premises.journal.snapshot(ada.id(), 1_000).threads().size());
        assertEquals(ErrorCode.RECORDS_FULL, Await.refusal(fork("t", message, "f4")).code());
    }

    @Test
    void aThreadThatIsBeingDeletedIsUnknown() {
        ada.run("t", "echo", "one");
        String message = messageId("t", 0);
        premises.holdsWrites.set(true);
        CompletionStage<ThreadId> deleted = ada.engine().delete(new ThreadId("t"));
        assertEquals(ErrorCode.THREAD_UNKNOWN, Await.refusal(fork("t", message, "f")).code());
        premises.holdsWrites.set(false);
        Await.value(deleted);
    }

    @Test
    void aForkThatCannotBeWrittenIsRefusedAndLeavesItsIdFree() {
        ada.run("t", "echo", "one");
        premises.failingWrites.set(1);
        assertEquals(
                ErrorCode.JOURNAL_UNAVAILABLE, Await.refusal(fork("t", messageId("t", 0), "f")).code());
        Await.value(fork("t", messageId("t", 0), "f"));
    }
}
