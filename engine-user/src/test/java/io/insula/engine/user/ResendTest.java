package io.insula.engine.user;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.insula.agent.AgentResult;
import io.insula.agent.Question;
import io.insula.agent.RunId;
import io.insula.agent.ThreadId;
import io.insula.engine.api.AnswerRequest;
import io.insula.engine.api.ErrorCode;
import io.insula.engine.api.Receipt;
import io.insula.engine.api.RunRequest;
import io.insula.engine.api.RunState;
import io.insula.engine.api.WhenBusy;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What a client gets that sends a request again which was accepted: the receipt that it got, whatever would be said to
 * it now, and nothing else happens.
 */
final class ResendTest {
    private static final int QUEUED = 1;

    @RegisterExtension
    final Premises premises = new Premises(OneLimit.ofUser("queuedRuns", QUEUED));

    private final TestUser ada = premises.user("ada");
    private final AtomicInteger calls = new AtomicInteger();

    ResendTest() {
        premises.catalog.add("count", context -> {
            calls.incrementAndGet();
            return AgentResult.done();
        });
        premises.catalog.add("asks", context -> {
            calls.incrementAndGet();
            boolean approved = context.ask(new Question.Approval("?"));
            assertTrue(approved);
            return AgentResult.done();
        });
    }

    private static RunRequest request(String agent, WhenBusy whenBusy) {
        return TestUser.request("t", agent, "", whenBusy);
    }

    private Receipt send(RunRequest request) {
        return Await.value(ada.engine().submit(request));
    }

    private Receipt sendToItsEnd(RunRequest request) {
        Receipt receipt = send(request);
        ada.awaitEnd(receipt.run());
        return receipt;
    }

    private RunId startToItsQuestion() {
        RunId run = ada.start("t", "asks", "");
        ada.awaitQuestion(run);
        return run;
    }

    private void expectSameAndNothingElse(Receipt first, RunRequest request) {
        int before = premises.log(ada.id()).size();
        int called = calls.get();
        assertEquals(first, send(request));
        premises.flush(ada);
        assertEquals(before, premises.log(ada.id()).size());
        assertEquals(called, calls.get());
    }

    private void approve(RunId run) {
        Await.value(ada.answer(run, ada.awaitQuestion(run).id(), new AnswerRequest.Content.Approval(true)));
        ada.expect(run, RunState.COMPLETED);
    }

    @ParameterizedTest
    @EnumSource(WhenBusy.class)
    void whileItsOwnRunIsUnderWayNothingHappensToIt(WhenBusy whenBusy) {
        RunRequest request = request("asks", whenBusy);
        Receipt first = send(request);
        ada.awaitQuestion(first.run());
        expectSameAndNothingElse(first, request);
        approve(first.run());
        expectSameAndNothingElse(first, request);
    }

    @ParameterizedTest
    @EnumSource(WhenBusy.class)
    void whileAnotherRunIsUnderWayNothingHappensToThatOne(WhenBusy whenBusy) {
        RunRequest request = request("count", whenBusy);
        Receipt first = sendToItsEnd(request);
        RunId other = startToItsQuestion();
        expectSameAndNothingElse(first, request);
        approve(other);
    }

    @Test
    void itGetsItsReceiptThoughItsAgentIsGone() {
        RunRequest request = request("count", WhenBusy.ENQUEUE);
        Receipt first = sendToItsEnd(request);
        premises.catalog.remove("count");
        expectSameAndNothingElse(first, request);
    }

    @Test
    void itGetsItsReceiptThoughItsRunIdIsUsedByItself() {
        RunRequest request = new RunRequest(
                UUID.randomUUID(),
                Optional.of(new ThreadId("t")),
                Optional.of(new RunId("r")),
                Optional.of("count"),
                "",
                List.of(),
                WhenBusy.ENQUEUE);
        Receipt first = sendToItsEnd(request);
        expectSameAndNothingElse(first, request);
    }

    @Test
    void itGetsItsReceiptThoughTheQueueIsFull() {
        RunRequest request = request("count", WhenBusy.ENQUEUE);
        Receipt first = sendToItsEnd(request);
        RunId asking = startToItsQuestion();
        RunId queued = ada.start("t", "count", "");
        assertEquals(
                ErrorCode.QUEUE_FULL,
                Await.refusal(ada.submit("t", "count", "", WhenBusy.ENQUEUE)).code());
        expectSameAndNothingElse(first, request);
        approve(asking);
        ada.expect(queued, RunState.COMPLETED);
    }

    @Test
    void withAnotherBodyItIsRefusedAlsoAfterItsEnd() {
        RunRequest request = request("count", WhenBusy.ENQUEUE);
        sendToItsEnd(request);
        RunRequest other = new RunRequest(
                request.request(),
                request.thread(),
                request.run(),
                request.agent(),
                "other",
                request.attachments(),
                request.whenBusy());
        assertEquals(
                ErrorCode.REQUEST_REUSED,
                Await.refusal(ada.engine().submit(other)).code());
        premises.flush(ada);
        assertEquals(1, calls.get());
    }

    @Test
    void itTakesNoPlaceFromAnybody() {
        RunRequest request = request("count", WhenBusy.ENQUEUE);
        Receipt first = sendToItsEnd(request);
        for (int i = 0; i < premises.limits.platform().runsAccepted() + 1; i++) {
            assertEquals(first, send(request));
        }
        ada.expect(ada.start("t", "count", ""), RunState.COMPLETED);
    }

    @Test
    void itGetsItsReceiptThoughNothingCanBeWritten() {
        RunRequest request = request("count", WhenBusy.ENQUEUE);
        Receipt first = sendToItsEnd(request);
        premises.flush(ada);
        premises.failingWrites.set(1);
        expectSameAndNothingElse(first, request);
        assertEquals(0, premises.failingWrites.get());
    }

    @Test
    void itFillsNobodysQueue() {
        RunRequest request = request("count", WhenBusy.ENQUEUE);
        Receipt first = sendToItsEnd(request);
        RunId asking = startToItsQuestion();
        premises.flush(ada);
        premises.holdsWrites.set(true);
        CompletionStage<Receipt> again = ada.engine().submit(request);
        CompletionStage<Receipt> queued = ada.submit("t", "count", "", WhenBusy.ENQUEUE);
        CompletionStage<Receipt> tooMany = ada.submit("t", "count", "", WhenBusy.ENQUEUE);
        premises.holdsWrites.set(false);
        assertEquals(first, Await.value(again));
        boolean firstIsIn = queued.handle((receipt, refused) -> refused == null).toCompletableFuture().join();
        CompletionStage<Receipt> in = firstIsIn ? queued : tooMany;
        assertEquals(ErrorCode.QUEUE_FULL, Await.refusal(firstIsIn ? tooMany : queued).code());
        approve(asking);
        ada.expect(Await.value(in).run(), RunState.COMPLETED);
    }

    @ParameterizedTest
    @EnumSource(WhenBusy.class)
    void whatComesBehindItIsTakenInAsIfItHadNotBeenSent(WhenBusy whenBusy) {
        RunRequest request = request("count", WhenBusy.ENQUEUE);
        Receipt first = sendToItsEnd(request);
        premises.flush(ada);
        premises.holdsWrites.set(true);
        CompletionStage<Receipt> again = ada.engine().submit(request);
        CompletionStage<Receipt> behind = ada.submit("t", "count", "", whenBusy);
        assertFalse(behind.toCompletableFuture().isDone());
        premises.holdsWrites.set(false);
        assertEquals(first, Await.value(again));
        ada.expect(Await.value(behind).run(), RunState.COMPLETED);
        assertEquals(2, calls.get());
    }
}
