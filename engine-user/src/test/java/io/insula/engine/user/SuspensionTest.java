package io.insula.engine.user;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.insula.agent.AgentResult;
import io.insula.agent.Delegation;
import io.insula.agent.Question;
import io.insula.agent.QuestionExpiredException;
import io.insula.agent.RunId;
import io.insula.engine.api.AnswerRequest;
import io.insula.engine.api.AnswerRequest.Content;
import io.insula.engine.api.OpenQuestion;
import io.insula.engine.api.RunState;
import io.insula.engine.api.RunView;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Resumable runs that wait for an answer longer than they may keep a thread. */
final class SuspensionTest {
    @RegisterExtension
    final Restarts restarts = new Restarts();

    private final Duration patience = restarts.limits.run().suspendAfter();
    private final AtomicInteger calls = new AtomicInteger();

    record Text(String text) {}

    SuspensionTest() {
        restarts.catalog
                .addResumable("asks", context -> {
                    calls.incrementAndGet();
                    context.say("before ");
                    context.step("asking", () -> {
                        boolean yes = context.ask(new Question.Approval("May I?"));
                        context.say(yes ? "yes " : "no ");
                    });
                    context.say("after");
                    return AgentResult.done();
                })
                .addResumable("part", context -> {
                    calls.incrementAndGet();
                    return AgentResult.of(new Text(context.ask(new Question.Text("What, " + context.input().text()))));
                })
                .addResumable("parts", context -> {
                    var outcomes = context.delegateAll(List.of(
                            Delegation.to("part", Text.class).withText("a?"),
                            Delegation.to("part", Text.class).withText("b?")));
                    for (var outcome : outcomes) {
                        context.say(outcome.orFail().text() + " ");
                    }
                    return AgentResult.done();
                });
    }

    private RunId ask(String agent, int questions) {
        TestUser ada = restarts.user("ada");
        RunId run = ada.start("t", agent, "");
        Await.until("it has asked", () -> ada.view(run).questions().size() == questions);
        ada.awaitState(run, RunState.WAITING_FOR_ANSWER);
        restarts.flush("ada");
        return run;
    }

    private void suspend() {
        restarts.advance(patience);
        restarts.awaitThreadsGone();
    }

    private void evict() {
        restarts.leave("ada");
        restarts.advance(restarts.limits.user().idleEviction().multipliedBy(2));
        Await.until("the engine is evicted", () -> restarts.directory().liveRooms() == 0);
    }

    private String said() {
        return String.join("", restarts.user("ada").texts("t"));
    }

    @Test
    void aRunThatWaitsLongGivesUpItsThreadAndNobodySeesIt() {
        RunId run = ask("asks", 1);
        int events = restarts.log("ada").size();
        restarts.advance(patience.minusSeconds(1));
        assertEquals(1, restarts.liveThreads());
        restarts.advance(Duration.ofSeconds(1));
        restarts.awaitThreadsGone();

        restarts.flush("ada");
        assertEquals(events, restarts.log("ada").size());
        RunView view = restarts.user("ada").view(run);
        assertEquals(RunState.WAITING_FOR_ANSWER, view.state());
        assertEquals(1, view.questions().size());
        assertEquals(RunState.CANCELLED, restarts.user("ada").cancel(run).state());
        assertTrue(restarts.story("ada", run).contains("answer"), "the question is withdrawn");
    }

    @Test
    void anAnswerHasASuspendedRunGoOn() {
        RunId run = ask("asks", 1);
        OpenQuestion question = restarts.user("ada").awaitQuestion(run);
        suspend();
        AnswerRequest answer =
                new AnswerRequest(UUID.randomUUID(), run, question.id(), new Content.Approval(true));
        var receipt = Await.value(restarts.user("ada").engine().answer(answer));
        restarts.user("ada").expect(run, RunState.COMPLETED);

        assertEquals("before yes after", said());
        assertEquals(2, calls.get());
        assertEquals(receipt, Await.value(restarts.user("ada").engine().answer(answer)));
        assertEquals(
                List.of(
                        "run.accepted", "message", "says before ", "said", "step asking", "question", "answer",
                        "end of step asking", "resumed", "step asking", "message", "says yes ", "said",
                        "end of step asking", "message", "says after", "said", "finished"),
                restarts.story("ada", run));
    }

    @Test
    void anEngineMayBeEvictedWithASuspendedRunAndTheAnswerComesAllTheSame() {
        RunId run = ask("asks", 1);
        suspend();
        evict();
        assertEquals(0, restarts.platform().runsAccepted());

        TestUser ada = restarts.user("ada");
        assertEquals(RunState.WAITING_FOR_ANSWER, ada.view(run).state());
        Await.value(ada.answer(run, ada.awaitQuestion(run).id(), new Content.Approval(false)));
        ada.expect(run, RunState.COMPLETED);
        assertEquals("before no after", said());
    }

    @Test
    void aSuspendedRunOfAnEvictedEngineCanBeStopped() {
        RunId run = ask("asks", 1);
        suspend();
        evict();
        assertEquals(RunState.CANCELLED, restarts.user("ada").cancel(run).state());
    }

    @Test
    void aQuestionOfAnEvictedEngineExpiresInTime() {
        RunId run = ask("asks", 1);
        suspend();
        evict();
        Duration rest = restarts.limits.run().questionExpiry().minus(patience)
                .minus(restarts.limits.user().idleEviction().multipliedBy(2));
        restarts.advance(rest.minusSeconds(1));
        assertEquals(0, restarts.directory().liveRooms());
        restarts.advance(Duration.ofSeconds(1));

        Await.until("the room is back", () -> restarts.directory().liveRooms() == 1);
        Await.until("the question has expired", () -> {
            restarts.advance(Duration.ofMillis(1));
            return restarts.disk.run(Premises.id("ada"), run).orElseThrow().state().isTerminal();
        });
        restarts.user("ada").expectCode(run, "question-expired");
    }

    @Test
    void anAgentSeesTheExpiryOfASuspendedQuestion() {
        restarts.catalog.addResumable("patient", context -> {
            try {
                context.ask(new Question.Approval("May I?"));
            } catch (QuestionExpiredException expired) {
                context.say("then not");
            }
            return AgentResult.done();
        });
        RunId run = ask("patient", 1);
        suspend();
        restarts.advance(restarts.limits.run().questionExpiry());
        restarts.user("ada").expect(run, RunState.COMPLETED);
        assertEquals("then not", said());
    }

    @Test
    void aSuspendedRunOutlivesACrashWithoutBeingCalled() {
        RunId run = ask("asks", 1);
        String question = restarts.user("ada").awaitQuestion(run).id();
        for (int i = 0; i < restarts.limits.run().attempts() + 1; i++) {
            restarts.crashAndRestart();
        }
        assertEquals(1, calls.get());
        TestUser ada = restarts.user("ada");
        assertEquals(question, ada.awaitQuestion(run).id());
        Await.value(ada.answer(run, question, new Content.Approval(true)));
        ada.expect(run, RunState.COMPLETED);
        assertEquals("before yes after", said());
    }

    @Test
    void anAnswerThatWasGivenJustBeforeACrashIsNotAskedForAgain() {
        RunId run = ask("asks", 1);
        String question = restarts.user("ada").awaitQuestion(run).id();
        restarts.journal().crashAfter(restarts.journal().appends() + 1);
        Await.value(restarts.user("ada").answer(run, question, new Content.Approval(true)));
        Await.until("it has crashed", () -> restarts.journal().isCrashed());
        restarts.crashAndRestart();
        restarts.user("ada").expect(run, RunState.COMPLETED);
        assertEquals("before yes after", said());
        assertEquals(1, restarts.story("ada", run).stream().filter("question"::equals).count());
    }

    @Test
    void parallelSubAgentsThatWaitAreSuspendedTogetherAndAnsweredOneByOne() {
        RunId run = ask("parts", 2);
        suspend();
        TestUser ada = restarts.user("ada");
        OpenQuestion first = ada.view(run).questions().stream()
                .filter(question -> question.text().contains("a?"))
                .findFirst()
                .orElseThrow();
        Await.value(ada.answer(run, first.id(), new Content.Words("one")));
        Await.until("the other is asked again", () -> ada.view(run).questions().stream()
                .anyMatch(question -> question.text().contains("b?") && !question.id().equals(first.id()))
                && restarts.story("ada", run).stream().filter("question"::equals).count() == 3);
        Await.value(ada.answer(run, ada.awaitQuestion(run).id(), new Content.Words("two")));
        ada.expect(run, RunState.COMPLETED);
        assertEquals("one two ", said());
    }

    @Test
    void anAnswerToOneOfTwoSubAgentsIsNotForgottenByACrash() {
        RunId run = ask("parts", 2);
        OpenQuestion first = restarts.user("ada").view(run).questions().getFirst();
        restarts.journal().crashAfter(restarts.journal().appends() + 1);
        Await.value(restarts.user("ada").answer(run, first.id(), new Content.Words("one")));
        Await.until("it has crashed", () -> restarts.journal().isCrashed());
        restarts.crashAndRestart();

        Await.until("the other is asked again", () -> restarts.story("ada", run).stream().filter("question"::equals)
                .count() == 3);
        TestUser ada = restarts.user("ada");
        Await.value(ada.answer(run, ada.awaitQuestion(run).id(), new Content.Words("two")));
        ada.expect(run, RunState.COMPLETED);
    }

    @Test
    void anAnswerThatComesWhileTheRunIsBroughtBackIsNotAskedForAgain() {
        RunId run = ask("parts", 2);
        suspend();
        TestUser ada = restarts.user("ada");
        List<OpenQuestion> questions = ada.view(run).questions();
        AtomicBoolean once = new AtomicBoolean();
        restarts.journal().afterScript(() -> {
            if (!once.getAndSet(true)) {
                Await.value(ada.answer(run, questions.getLast().id(), new Content.Words("two")));
            }
        });
        Await.value(ada.answer(run, questions.getFirst().id(), new Content.Words("one")));
        ada.expect(run, RunState.COMPLETED);
        assertEquals(2, restarts.story("ada", run).stream().filter("question"::equals).count());
    }

    @Test
    void anInputBehindASuspendedRunWaitsForItsEnd() {
        RunId waiting = ask("asks", 1);
        suspend();
        RunId next = restarts.user("ada").start("t", "asks", "");
        restarts.flush("ada");
        assertEquals(RunState.QUEUED, restarts.user("ada").view(next).state());
        evict();
        TestUser ada = restarts.user("ada");
        assertEquals(RunState.QUEUED, ada.view(next).state());
        assertEquals(RunState.CANCELLED, ada.cancel(waiting).state());
        ada.awaitState(next, RunState.WAITING_FOR_ANSWER);
        assertEquals(RunState.CANCELLED, ada.cancel(next).state());
    }

    @Test
    void aRunThatCannotBeResumedKeepsItsThread() {
        restarts.catalog.add("keeps", context -> {
            context.ask(new Question.Approval("May I?"));
            return AgentResult.done();
        });
        RunId run = ask("keeps", 1);
        restarts.advance(Duration.ofHours(1));
        assertEquals(1, restarts.liveThreads());
        TestUser ada = restarts.user("ada");
        Await.value(ada.answer(run, ada.awaitQuestion(run).id(), new Content.Approval(true)));
        ada.expect(run, RunState.COMPLETED);
    }
}
