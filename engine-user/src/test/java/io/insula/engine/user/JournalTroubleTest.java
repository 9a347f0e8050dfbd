package io.insula.engine.user;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.insula.agent.AgentResult;
import io.insula.agent.Question;
import io.insula.agent.RunId;
import io.insula.agent.ThreadId;
import io.insula.engine.api.AnswerRequest.Content;
import io.insula.engine.api.ErrorCode;
import io.insula.engine.api.RefusedException;
import io.insula.engine.api.RunRequest;
import io.insula.engine.api.RunState;
import io.insula.engine.api.WhenBusy;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
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

    @Test
    void anInputThatIsStoppedAndCannotBeWrittenIsCountedOnce() {
        premises.holdsWrites.set(true);
        var held = premises.journal.append(ada.id(), new JournalAppend());
        var receipt = ada.engine().submit(request());
        var stopped = ada.engine().cancel(new RunId("r"));
        premises.failingWrites.set(3);
        premises.holdsWrites.set(false);

        assertEquals(true, Await.value(held.handle((place, failure) -> failure != null)));
        assertEquals(ErrorCode.JOURNAL_UNAVAILABLE, Await.refusal(receipt).code());
        assertEquals(ErrorCode.JOURNAL_UNAVAILABLE, Await.refusal(stopped).code());
        Await.until("all is quiet", ada.room()::isQuiet);
        assertEquals(0, premises.platform.runsAccepted());
    }

    @Test
    void aRunWhoseOutputCannotBeWrittenFails() {
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
