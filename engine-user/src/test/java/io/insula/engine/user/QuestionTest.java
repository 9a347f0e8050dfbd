package io.insula.engine.user;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.insula.agent.AgentResult;
import io.insula.agent.Attachment;
import io.insula.agent.AttachmentId;
import io.insula.agent.Delegation;
import io.insula.agent.Question;
import io.insula.agent.QuestionExpiredException;
import io.insula.agent.RunId;
import io.insula.engine.api.AnswerRequest;
import io.insula.engine.api.AnswerRequest.Content;
import io.insula.engine.api.ErrorCode;
import io.insula.engine.api.OpenQuestion;
import io.insula.engine.api.Receipt;
import io.insula.engine.api.RunState;
import java.io.ByteArrayInputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

final class QuestionTest {
    @RegisterExtension
    final Premises premises = new Premises();

    private final TestUser ada = premises.user("ada");
    private final CountDownLatch mayEnd = new CountDownLatch(1);

    QuestionTest() {
        premises.catalog
                .add("approval", context -> {
                    context.say("approved: " + context.ask(new Question.Approval("May I?")));
                    return AgentResult.done();
                })
                .add("choice", context -> {
                    context.say("chose: " + context.ask(new Question.Choice("Which?", List.of("a", "b"))));
                    return AgentResult.done();
                })
                .add("text", context -> {
                    context.say("said: " + context.ask(new Question.Text("What?")));
                    return AgentResult.done();
                })
                .add("files", context -> {
                    List<Attachment> files = context.ask(new Question.Files("Where?"));
                    context.say("got: " + files.getFirst().name());
                    return AgentResult.done();
                })
                .add("works", context -> {
                    Await.open(mayEnd);
                    return AgentResult.done();
                })
                .add("gated", context -> {
                    mayEnd.await();
                    return AgentResult.done();
                });
    }

    private String answered(String agent, Content content) {
        RunId run = ada.start(agent, agent, "");
        OpenQuestion question = ada.awaitQuestion(run);
        Await.value(ada.answer(run, question.id(), content));
        ada.expect(run, RunState.COMPLETED);
        return ada.texts(agent).getLast();
    }

    @Test
    void eachKindOfQuestionIsAnsweredInItsOwnWay() throws Exception {
        Attachment file = ada.engine().attach("a.txt", "text/plain", new ByteArrayInputStream(new byte[3]));

        assertEquals("approved: true", answered("approval", new Content.Approval(true)));
        assertEquals("chose: b", answered("choice", new Content.Words("b")));
        assertEquals("said: hello", answered("text", new Content.Words("hello")));
        assertEquals("got: a.txt", answered("files", new Content.Files(List.of(file.id()))));
    }

    @Test
    void anAnswerOfAnotherKindIsRefusedAndTheQuestionStaysOpen() {
        RunId run = ada.start("t", "choice", "");
        OpenQuestion question = ada.awaitQuestion(run);
        for (Content wrong : List.of(
                new Content.Approval(true), new Content.Words("c"), new Content.Files(List.of()))) {
            assertEquals(
                    ErrorCode.ANSWER_INVALID,
                    Await.refusal(ada.answer(run, question.id(), wrong)).code());
        }
        Await.value(ada.answer(run, question.id(), new Content.Words("a")));
        ada.expect(run, RunState.COMPLETED);
    }

    @Test
    void ofTwoWhoAnswerAtOnceExactlyOneIsTaken() {
        for (int round = 0; round < 50; round++) {
            RunId run = ada.start("t", "text", "");
            OpenQuestion question = ada.awaitQuestion(run);
            CountDownLatch go = new CountDownLatch(1);
            List<CompletableFuture<CompletionStage<Receipt>>> answers = Stream.of("x", "y")
                    .map(words -> CompletableFuture.supplyAsync(
                            () -> {
                                Await.open(go);
                                return ada.answer(run, question.id(), new Content.Words(words));
                            },
                            task -> Thread.ofVirtual().start(task)))
                    .toList();
            go.countDown();
            List<Boolean> taken = answers.stream()
                    .map(CompletableFuture::join)
                    .map(stage -> Await.value(stage.handle((receipt, refused) -> receipt != null)))
                    .toList();
            assertTrue(taken.contains(true) && taken.contains(false), taken::toString);
            ada.expect(run, RunState.COMPLETED);
            assertEquals("said: " + (taken.getFirst() ? "x" : "y"), ada.texts("t").getLast());
        }
    }

    @Test
    void theSameAnswerSentAgainGetsTheSameReceipt() {
        RunId run = ada.start("t", "text", "");
        AnswerRequest request = new AnswerRequest(
                UUID.randomUUID(), run, ada.awaitQuestion(run).id(), new Content.Words("x"));
        Receipt first = Await.value(ada.engine().answer(request));
        ada.awaitEnd(run);

        assertEquals(first, Await.value(ada.engine().answer(request)));
        assertEquals(
                ErrorCode.QUESTION_UNKNOWN,
                Await.refusal(ada.answer(run, request.question(), new Content.Words("x"))).code());
    }

    @Test
    void aQuestionThatNobodyAnswersEndsTheRunAsExpired() {
        RunId run = ada.start("t", "text", "");
        ada.awaitQuestion(run);
        ada.awaitState(run, RunState.WAITING_FOR_ANSWER);
        premises.alarms.advance(premises.limits.run().questionExpiry());

        ada.expectCode(run, ErrorCode.QUESTION_EXPIRED.word());
        assertTrue(ada.view(run).questions().isEmpty());
    }

    @Test
    void anAgentMayGoOnAfterItsQuestionHasExpired() {
        premises.catalog.add("patient", context -> {
            try {
                context.ask(new Question.Text("What?"));
            } catch (QuestionExpiredException expired) {
                context.say("never mind");
            }
            return AgentResult.done();
        });
        RunId run = ada.start("t", "patient", "");
        ada.awaitState(run, RunState.WAITING_FOR_ANSWER);
        premises.alarms.advance(premises.limits.run().questionExpiry());

        ada.expect(run, RunState.COMPLETED);
        assertEquals("never mind", ada.texts("t").getLast());
    }

    @Test
    void aStopWithdrawsTheQuestion() {
        RunId run = ada.start("t", "text", "");
        OpenQuestion question = ada.awaitQuestion(run);
        assertTrue(ada.cancel(run).questions().isEmpty());

        assertEquals(
                ErrorCode.QUESTION_UNKNOWN,
                Await.refusal(ada.answer(run, question.id(), new Content.Words("x"))).code());
        assertTrue(premises.log(ada.id()).stream().anyMatch(event -> event.json().contains("\"withdrawn\":true")));
    }

    @Test
    void runsThatWaitForAnAnswerHoldNoPlaceAndGetOneBackInTurn() {
        List<RunId> waiting = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            RunId run = ada.start("w" + i, "text", "");
            ada.awaitState(run, RunState.WAITING_FOR_ANSWER);
            waiting.add(run);
        }
        List<RunId> working = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            RunId run = ada.start("t" + i, "gated", "");
            ada.awaitState(run, RunState.RUNNING);
            working.add(run);
        }
        for (RunId run : waiting) {
            Await.value(ada.answer(run, ada.awaitQuestion(run).id(), new Content.Words("x")));
        }
        assertTrue(waiting.stream().allMatch(run -> ada.view(run).state() == RunState.WAITING_FOR_ANSWER));
        mayEnd.countDown();
        working.forEach(run -> ada.expect(run, RunState.COMPLETED));
        waiting.forEach(run -> ada.expect(run, RunState.COMPLETED));
    }

    @Test
    void aRunThatWasAnsweredAndWaitsForItsPlaceCanBeStopped() {
        RunId waiting = ada.start("w", "text", "");
        ada.awaitState(waiting, RunState.WAITING_FOR_ANSWER);
        for (int i = 0; i < 3; i++) {
            ada.start("t" + i, "gated", "");
        }
        Await.value(ada.answer(waiting, ada.awaitQuestion(waiting).id(), new Content.Words("x")));
        assertEquals(RunState.CANCELLED, ada.cancel(waiting).state());
        mayEnd.countDown();
    }

    @Test
    void aRunIsAtWorkAsLongAsOneOfItsPartsIs() {
        premises.catalog.add("nested", context -> {
            Await.until("the other part asks", () -> premises.log(ada.id()).stream()
                    .anyMatch(event -> event.json().contains("insula.question")));
            context.delegateAll(List.of(Delegation.to("works")));
            return AgentResult.done();
        }).add("both", context -> {
            context.delegateAll(List.of(Delegation.to("text"), Delegation.to("nested")));
            return AgentResult.done();
        });
        RunId run = ada.start("t", "both", "");
        OpenQuestion question = ada.awaitQuestion(run);
        Await.until("the nested part is at work", () -> premises.log(ada.id()).stream()
                .anyMatch(event -> event.json().contains("\"name\":\"works\"")));

        assertEquals(RunState.RUNNING, ada.view(run).state());
        assertEquals(1, premises.platform.placesTaken());
        mayEnd.countDown();
        ada.awaitState(run, RunState.WAITING_FOR_ANSWER);
        Await.until("its place is free", () -> premises.platform.placesTaken() == 0);
        Await.value(ada.answer(run, question.id(), new Content.Words("x")));
        ada.expect(run, RunState.COMPLETED);
    }

    @Test
    void aFileOfNobodyIsRefusedAsAnAnswer() {
        RunId run = ada.start("t", "files", "");
        var refused = Await.refusal(ada.answer(
                run,
                ada.awaitQuestion(run).id(),
                new Content.Files(List.of(new AttachmentId("none")))));
        assertEquals(ErrorCode.ATTACHMENT_UNKNOWN, refused.code());
        ada.cancel(run);
    }
}
