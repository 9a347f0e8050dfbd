package io.insula.engine.user;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.insula.agent.AgentResult;
import io.insula.agent.RunId;
import io.insula.engine.api.ErrorCode;
import io.insula.engine.api.Receipt;
import io.insula.engine.api.RefusedException;
import io.insula.engine.api.RunState;
import io.insula.engine.api.SubscribeFrom;
import io.insula.engine.api.UserEvent;
import io.insula.engine.api.WhenBusy;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

final class LifeCycleTest {
    @RegisterExtension
    final Premises premises = new Premises();

    private final TestUser ada = premises.user("ada");
    private final Semaphore mayEnd = new Semaphore(0);
    private final ConcurrentLinkedQueue<String> begun = new ConcurrentLinkedQueue<>();

    LifeCycleTest() {
        premises.catalog
                .add("echo", context -> {
                    context.say(context.input().text());
                    return AgentResult.done();
                })
                .add("gated", context -> {
                    begun.add(context.input().text());
                    context.say("began " + context.input().text());
                    mayEnd.acquire();
                    context.say("did " + context.input().text());
                    return AgentResult.done();
                });
    }

    private static List<String> types(List<UserEvent> events) {
        return events.stream()
                .map(event -> Json.parse(event.json()))
                .map(json -> json.find("name").orElse(json.text("type")))
                .toList();
    }

    @Test
    void anInputIsAcceptedAnsweredAndCompleted() {
        RunId run = ada.run("t", "echo", "hello");

        ada.expect(run, RunState.COMPLETED);
        assertEquals(
                List.of(
                        "insula.run.accepted",
                        "RUN_STARTED",
                        "TEXT_MESSAGE_START",
                        "TEXT_MESSAGE_CONTENT",
                        "TEXT_MESSAGE_END",
                        "RUN_FINISHED"),
                types(premises.log(ada.id())));
        assertEquals(List.of("hello", "hello"), ada.texts("t"));
        assertTrue(ada.view(run).endedAt().isPresent());
    }

    @Test
    void theReceiptNamesThePositionOfTheAcceptance() {
        ada.run("t", "echo", "one");
        Receipt receipt = Await.value(ada.submit("t", "echo", "two", WhenBusy.ENQUEUE));
        ada.awaitEnd(receipt.run());

        UserEvent event = premises.log(ada.id()).get((int) receipt.position().sequence() - 1);
        assertEquals(receipt.run(), event.run());
        assertEquals("insula.run.accepted", Json.parse(event.json()).text("name"));
    }

    @Test
    void inputsOfOneThreadRunOneAfterAnotherInTheOrderAccepted() {
        List<RunId> runs = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            runs.add(ada.start("t", "gated", "" + i));
        }
        mayEnd.release(10);
        runs.forEach(run -> ada.expect(run, RunState.COMPLETED));

        assertEquals(List.of("0", "1", "2", "3", "4", "5", "6", "7", "8", "9"), List.copyOf(begun));
    }

    @Test
    void atMostThreeRunsOfAUserAreAtWorkAtOnce() {
        AtomicInteger now = new AtomicInteger();
        AtomicInteger peak = new AtomicInteger();
        premises.catalog.add("counted", context -> {
            peak.accumulateAndGet(now.incrementAndGet(), Math::max);
            mayEnd.acquire();
            now.decrementAndGet();
            return AgentResult.done();
        });
        List<RunId> runs = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            runs.add(ada.start("t" + i, "counted", ""));
        }
        Await.until("three are at work", () -> now.get() == 3);
        for (int i = 0; i < 6; i++) {
            mayEnd.release();
        }
        runs.forEach(run -> ada.expect(run, RunState.COMPLETED));

        assertEquals(3, peak.get());
    }

    @Test
    void thirtyTwoRunsWaitAndTheNextIsRefusedAtOnce() {
        List<RunId> runs = new ArrayList<>();
        for (int i = 0; i < 3 + 32; i++) {
            runs.add(ada.start("t" + i, "gated", ""));
        }
        var refused = Await.refusal(ada.submit("t-more", "gated", "", WhenBusy.ENQUEUE));
        assertEquals(ErrorCode.QUEUE_FULL, refused.code());
        assertTrue(refused.retryAfter().isPresent());

        mayEnd.release(1);
        Await.until("the first waiting one began", () -> begun.size() == 4);
        runs.add(ada.start("t-more", "gated", ""));
        mayEnd.release(40);
        runs.forEach(run -> ada.expect(run, RunState.COMPLETED));
    }

    @Test
    void theQueueCountsTheRunsThatWaitInOneThread() {
        for (int i = 0; i < 1 + 32; i++) {
            ada.start("t", "gated", "" + i);
        }
        assertEquals(
                ErrorCode.QUEUE_FULL,
                Await.refusal(ada.submit("t", "gated", "", WhenBusy.ENQUEUE)).code());
        // Two places are free: a run that need not wait is not refused.
        RunId other = ada.run("other", "echo", "hello");
        ada.expect(other, RunState.COMPLETED);
        mayEnd.release(33);
    }

    @Test
    void aBusyThreadRefusesWhereTheClientAsksForThat() {
        RunId first = ada.start("t", "gated", "");
        var refused = Await.refusal(ada.submit("t", "echo", "no", WhenBusy.REJECT));

        assertEquals(ErrorCode.THREAD_BUSY, refused.code());
        mayEnd.release();
        ada.expect(first, RunState.COMPLETED);
        Await.until("the thread is free", ada.room()::isQuiet);
        ada.expect(Await.value(ada.submit("t", "echo", "yes", WhenBusy.REJECT)).run(), RunState.COMPLETED);
    }

    @Test
    void anInterruptStopsWhatRunsAndWhatWaitsInItsThreadAlone() {
        RunId running = ada.start("t", "gated", "a");
        RunId waiting = ada.start("t", "gated", "b");
        RunId elsewhere = ada.start("u", "gated", "c");
        Await.until("both began", () -> begun.size() == 2);
        RunId next = Await.value(ada.submit("t", "echo", "now", WhenBusy.INTERRUPT)).run();

        ada.expect(next, RunState.COMPLETED);
        ada.expect(running, RunState.CANCELLED);
        ada.expect(waiting, RunState.CANCELLED);
        assertEquals(RunState.RUNNING, ada.view(elsewhere).state());
        assertEquals(List.of("a", "began a", "b", "now", "now"), ada.texts("t"));
        mayEnd.release();
    }

    @Test
    void aRollbackTakesTheMessagesOfTheStoppedRunsBack() {
        ada.run("t", "echo", "before");
        ada.start("t", "gated", "a");
        ada.start("t", "gated", "b");
        Await.until("it began", () -> begun.size() == 1);
        RunId next = Await.value(ada.submit("t", "echo", "now", WhenBusy.ROLLBACK)).run();

        ada.expect(next, RunState.COMPLETED);
        assertEquals(List.of("before", "before", "now", "now"), ada.texts("t"));
        assertTrue(types(premises.log(ada.id())).contains("insula.messages.hidden"));
        assertTrue(types(premises.log(ada.id())).stream().filter("insula.run.accepted"::equals).count() == 4);
    }

    @Test
    void aFullQueueDoesNotKeepAnInterruptFromReplacingAWaitingRun() {
        for (int i = 0; i < 3; i++) {
            ada.start("busy" + i, "gated", "x");
        }
        for (int i = 0; i < 32; i++) {
            ada.start("t", "gated", "" + i);
        }
        RunId next = Await.value(ada.submit("t", "echo", "now", WhenBusy.INTERRUPT)).run();
        mayEnd.release(3);

        ada.expect(next, RunState.COMPLETED);
    }

    @Test
    void eventsComeInTheOrderOfTheirSequenceToWhoeverFollows() throws Exception {
        CountDownLatch told = new CountDownLatch(1);
        try (var following = ada.engine()
                .subscribe(new SubscribeFrom.Now(), told::countDown)) {
            RunId run = ada.run("t", "echo", "hello");
            ada.expect(run, RunState.COMPLETED);
            Await.open(told);
            List<UserEvent> seen = new ArrayList<>();
            Await.until("all events were read", () -> {
                try {
                    seen.addAll(following.poll(2, 1 << 20).events());
                } catch (RefusedException e) {
                    throw new AssertionError(e);
                }
                return seen.size() == 6;
            });
            assertEquals(premises.log(ada.id()), seen);
        }
    }
}
