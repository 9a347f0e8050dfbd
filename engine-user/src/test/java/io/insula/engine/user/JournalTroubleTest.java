package io.insula.engine.user;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.insula.agent.AgentResult;
import io.insula.agent.Question;
import io.insula.agent.RunId;
import io.insula.agent.ThreadId;
import io.insula.engine.api.AnswerRequest.Content;
import io.insula.engine.api.ErrorCode;
import io.insula.engine.api.RefusedException;
import io.insula.engine.api.RunRequest;
import io.insula.engine.api.RunState;
import io.insula.engine.api.UserEvent;
import io.insula.engine.api.WhenBusy;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What happens when something cannot be written. */
final class JournalTroubleTest {
    @RegisterExtension
    final Premises premises = new Premises();

    private final TestUser ada = premises.user("ada");

    JournalTroubleTest() {
        premises.catalog.add("says", context -> {
            context.say("hello");
            return AgentResult.done();
        });
    }

    private static RunRequest request() {
        return new RunRequest(
                UUID.randomUUID(),
                Optional.of(new ThreadId("t")),
                Optional.of(new RunId("r")),
                Optional.of("says"),
                "",
                List.of(),
                WhenBusy.ENQUEUE);
    }

    @Test
    void anInputThatCannotBeWrittenIsRefusedAndMayBeSentAgain() {
        RunRequest request = request();
        premises.failingWrites.set(1);
        RefusedException refused = Await.refusal(ada.engine().submit(request));
        assertEquals(ErrorCode.JOURNAL_UNAVAILABLE, refused.code());
        assertEquals(0, premises.platform.runsAccepted());

        ada.expect(Await.value(ada.engine().submit(request)).run(), RunState.COMPLETED);
    }

    /** So many writes fail: one that was there before, and then those of the input. */
    private void stopAnInputOfWhichNothingIsWritten(int failing) {
        premises.holdsWrites.set(true);
        var held = premises.journal.append(ada.id(), new JournalAppend());
        var receipt = ada.engine().submit(request());
        var stopped = ada.engine().cancel(new RunId("r"));
        premises.failingWrites.set(failing);
        premises.holdsWrites.set(false);

        assertEquals(true, Await.value(held.handle((place, failure) -> failure != null)));
        assertEquals(ErrorCode.JOURNAL_UNAVAILABLE, Await.refusal(receipt).code());
        assertEquals(ErrorCode.JOURNAL_UNAVAILABLE, Await.refusal(stopped).code());
    }

    @Test
    void anInputThatIsStoppedAndCannotBeWrittenIsCountedOnce() {
        stopAnInputOfWhichNothingIsWritten(3);
        Await.until("all is quiet", ada.room()::isQuiet);
        assertEquals(0, premises.platform.runsAccepted());
    }

    @Test
    void ofARunThatIsStoppedNothingIsWrittenIfItsAcceptanceIsNot() {
        stopAnInputOfWhichNothingIsWritten(2);
        premises.flush(ada);
        assertEquals(List.of(), premises.log(ada.id()));
        assertEquals(Optional.empty(), premises.journal.run(ada.id(), new RunId("r")));
    }

    @Test
    void aRunThatIsStoppedBeforeItsAcceptanceIsDurableEndsRightBehindIt() {
        premises.holdsWrites.set(true);
        var receipt = ada.engine().submit(request());
        var stopped = ada.engine().cancel(new RunId("r"));
        premises.holdsWrites.set(false);

        assertEquals(1, Await.value(receipt).position().sequence());
        assertEquals(RunState.CANCELLED, Await.value(stopped).state());
        assertEquals(3, premises.log(ada.id()).size());
    }

    @Test
    void anInputThatInterruptsOneThatIsNeverAcceptedRunsAlone() {
        premises.holdsWrites.set(true);
        var held = premises.journal.append(ada.id(), new JournalAppend());
        var lost = ada.engine().submit(request());
        var receipt = ada.submit("t", "says", "second", WhenBusy.ROLLBACK);
        premises.failingWrites.set(2);
        premises.holdsWrites.set(false);

        assertEquals(true, Await.value(held.handle((place, failure) -> failure != null)));
        assertEquals(ErrorCode.JOURNAL_UNAVAILABLE, Await.refusal(lost).code());
        ada.expect(Await.value(receipt).run(), RunState.COMPLETED);
        assertEquals(List.of("second", "hello"), ada.texts("t"));
        assertEquals(Optional.empty(), premises.journal.run(ada.id(), new RunId("r")));
    }

    @Test
    void aRunWhoseEndCannotBeWrittenAtFirstEndsAllTheSame() {
        CountDownLatch fails = new CountDownLatch(1);
        premises.catalog.add("ends", context -> {
            context.message().write("open");
            premises.flush(ada);
            premises.failingWrites.set(2);
            fails.countDown();
            return AgentResult.done();
        });
        RunId run = ada.start("t", "ends", "");
        Await.open(fails);
        Await.until("it could not be written twice", () -> premises.failingWrites.get() == 0);
        Await.until("time passes", () -> {
            premises.alarms.advance(Duration.ofSeconds(1));
            return ada.view(run).state().isTerminal();
        });
        ada.expectCode(run, ErrorCode.JOURNAL_UNAVAILABLE.word());
        ada.expect(ada.run("t", "says", ""), RunState.COMPLETED);
    }

    @Test
    void aRunThatWaitsForItsEndToBeWrittenIsFollowedByNoOther() {
        CountDownLatch fails = new CountDownLatch(1);
        premises.catalog.add("ends", context -> {
            premises.flush(ada);
            premises.failingWrites.set(2);
            fails.countDown();
            return AgentResult.done();
        });
        RunId run = ada.start("t", "ends", "");
        Await.open(fails);
        Await.until("it could not be written twice", () -> premises.failingWrites.get() == 0);
        RunId next = ada.start("t", "says", "");
        assertEquals(RunState.QUEUED, ada.view(next).state());
        premises.alarms.advance(Duration.ofSeconds(1));
        ada.expectCode(run, ErrorCode.JOURNAL_UNAVAILABLE.word());
        ada.expect(next, RunState.COMPLETED);
    }

    @Test
    void aQuestionWhoseExpiryCannotBeWrittenIsWithdrawnWithItsRun() {
        premises.catalog.add("asks", context -> {
            context.ask(new Question.Approval("Go on?"));
            return AgentResult.done();
        });
        RunId run = ada.start("t", "asks", "");
        ada.awaitState(run, RunState.WAITING_FOR_ANSWER);
        premises.flush(ada);
        premises.failingWrites.set(1);
        premises.alarms.advance(premises.limits.run().questionExpiry());

        ada.expectCode(run, ErrorCode.JOURNAL_UNAVAILABLE.word());
        List<String> closings = premises.log(ada.id()).stream()
                .map(UserEvent::json)
                .filter(json -> json.contains("insula.answer"))
                .toList();
        assertEquals(1, closings.size());
        assertTrue(closings.getFirst().contains("withdrawn"), closings::getFirst);
    }

    @Test
    void aRunWhoseOutputCannotBeWrittenFails() {
        // What was on its way behind the lost beginning of the message is written.
        premises.expectLosses(ada);
        premises.catalog.add("unheard", context -> {
            premises.flush(ada);
            premises.failingWrites.set(1);
            context.say("lost");
            Thread.currentThread().join();
            return AgentResult.done();
        });
        ada.expectCode(ada.run("t", "unheard", ""), ErrorCode.JOURNAL_UNAVAILABLE.word());
        ada.expect(ada.run("t", "says", ""), RunState.COMPLETED);
    }

    @Test
    void aNameThatCannotBeWrittenIsRefused() {
        ada.run("t", "says", "");
        premises.flush(ada);
        premises.failingWrites.set(1);
        assertEquals(
                ErrorCode.JOURNAL_UNAVAILABLE,
                Await.refusal(ada.engine().rename(new ThreadId("t"), "new")).code());
    }

    @Test
    void anAnswerThatCannotBeWrittenEndsTheRun() {
        premises.catalog.add("asks", context -> {
            context.ask(new Question.Approval("Go on?"));
            return AgentResult.done();
        });
        RunId run = ada.start("t", "asks", "");
        ada.awaitState(run, RunState.WAITING_FOR_ANSWER);
        String question = ada.awaitQuestion(run).id();
        premises.failingWrites.set(1);
        assertEquals(
                ErrorCode.JOURNAL_UNAVAILABLE,
                Await.refusal(ada.answer(run, question, new Content.Approval(true))).code());
        ada.expectCode(run, ErrorCode.JOURNAL_UNAVAILABLE.word());
    }
}
