package io.insula.engine.user;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.insula.agent.AgentResult;
import io.insula.agent.Question;
import io.insula.agent.RunId;
import io.insula.engine.api.ErrorCode;
import io.insula.engine.api.EventSubscription;
import io.insula.engine.api.RefusedException;
import io.insula.engine.api.RunState;
import io.insula.engine.api.SubscribeFrom;
import io.insula.engine.api.UserEvent;
import io.insula.engine.api.WhenBusy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

final class ShutdownTest {
    private static final Duration LAST_READ = Duration.ofSeconds(7);

    @RegisterExtension
    final Premises premises = new Premises(OneLimit.ofPlatform("lastRead", LAST_READ));

    private final TestUser ada = premises.user("ada");
    private final CountDownLatch begun = new CountDownLatch(1);
    private final CountDownLatch mayEnd = new CountDownLatch(1);

    ShutdownTest() {
        premises.catalog
                .add("gated", context -> {
                    begun.countDown();
                    mayEnd.await();
                    return AgentResult.done();
                })
                .add("asks", context -> {
                    context.ask(new Question.Approval("Go on?"));
                    return AgentResult.done();
                })
                .add("queued", context -> AgentResult.done());
    }

    private RunState recorded(RunId run) {
        return premises.journal.run(ada.id(), run).orElseThrow().state();
    }

    @Test
    void whatDoesNotEndInTimeEndsAsInterrupted() {
        RunId running = ada.start("t", "gated", "");
        RunId waiting = ada.start("u", "asks", "");
        ada.awaitState(waiting, RunState.WAITING_FOR_ANSWER);
        Await.open(begun);
        premises.shutDown(Duration.ZERO);

        for (RunId run : List.of(running, waiting)) {
            assertEquals(RunState.FAILED, recorded(run));
            assertEquals(
                    "interrupted",
                    premises.journal.run(ada.id(), run).orElseThrow().code().orElseThrow());
        }
    }

    @Test
    void whoFollowsSeesTheEndOfTheRunsThatWereInterrupted() throws RefusedException {
        CountDownLatch ended = new CountDownLatch(1);
        List<UserEvent> seen = new ArrayList<>();
        EventSubscription[] subscription = new EventSubscription[1];
        Runnable read = () -> {
            try {
                seen.addAll(subscription[0].poll(100, 1 << 20).events());
            } catch (RefusedException e) {
                throw new AssertionError(e);
            }
            if (!seen.isEmpty() && seen.getLast().json().contains("RUN_ERROR")) {
                ended.countDown();
            }
        };
        subscription[0] = ada.engine().subscribe(new SubscribeFrom.Start(), read);
        ada.start("t", "gated", "");
        Await.open(begun);
        premises.shutDown(Duration.ZERO);

        Await.open(ended);
        AguiOrder.checkComplete(seen);
    }

    @Test
    void whoIsSlowToReadStillGetsTheEndUpToALimit() throws RefusedException {
        EventSubscription slow = ada.engine().subscribe(new SubscribeFrom.Start(), () -> {});
        RunId running = ada.start("t", "gated", "");
        Await.open(begun);
        Thread down = premises.beginShutDown(Duration.ZERO);
        Await.until("the end is written", () -> recorded(running).isTerminal());
        Await.until("it waits", () -> down.getState() == Thread.State.TIMED_WAITING || !down.isAlive());

        AguiOrder.checkComplete(slow.poll(100, 1 << 20).events());
        Await.until("the platform is down", () -> !down.isAlive());
    }

    @Test
    void whoNeverReadsHoldsTheShutdownNoLongerThanTheLimit() throws RefusedException {
        EventSubscription never = ada.engine().subscribe(new SubscribeFrom.Start(), () -> {});
        ada.run("t", "queued", "");
        // So that it waits for nothing but its reader.
        Await.until("all is quiet", ada.room()::isQuiet);
        Thread down = premises.beginShutDown(Duration.ZERO);
        Await.until("the room is closed", () -> ada.submit("x", "unknown", "", WhenBusy.ENQUEUE)
                .handle((receipt, failure) -> failure instanceof RefusedException refused
                        && refused.code() == ErrorCode.ENGINE_CLOSED)
                .toCompletableFuture()
                .join());
        Await.until("it waits", () -> down.getState() == Thread.State.TIMED_WAITING || !down.isAlive());
        premises.alarms.skip(LAST_READ.minusNanos(1));
        Await.until("it waits on", () -> down.getState() == Thread.State.TIMED_WAITING || !down.isAlive());
        assertTrue(down.isAlive());
        Await.until("the platform is down", () -> {
            premises.alarms.skip(Duration.ofNanos(1));
            return !down.isAlive();
        });
        assertEquals(List.of(), never.poll(100, 1 << 20).events());
    }

    @Test
    void runsMayEndWhileThePlatformDrainsAndNothingNewIsTakenIn() throws InterruptedException {
        RunId running = ada.start("t", "gated", "");
        Await.open(begun);
        Thread down = Thread.ofVirtual().start(() -> premises.shutDown(Duration.ofMinutes(1)));
        Await.until("nothing is taken in", () -> {
            try {
                premises.directory.open(Premises.id("bob")).close();
                return false;
            } catch (RefusedException refused) {
                return refused.code() == ErrorCode.GOING_AWAY;
            }
        });
        Await.until("the room knows", () -> ada.submit("x", "unknown", "", WhenBusy.ENQUEUE)
                .handle((receipt, failure) -> failure instanceof RefusedException refused
                        && refused.code() == ErrorCode.GOING_AWAY)
                .toCompletableFuture()
                .join());
        mayEnd.countDown();
        down.join();

        assertEquals(RunState.COMPLETED, recorded(running));
    }

    @Test
    void afterwardsEverythingIsRefused() {
        premises.shutDown(Duration.ZERO);
        premises.shutDown(Duration.ZERO);

        assertEquals(
                ErrorCode.GOING_AWAY,
                assertThrows(RefusedException.class, () -> premises.directory.open(ada.id())).code());
        assertEquals(
                ErrorCode.ENGINE_CLOSED,
                Await.refusal(ada.submit("t", "queued", "", WhenBusy.ENQUEUE)).code());
        assertEquals(
                ErrorCode.ENGINE_CLOSED,
                assertThrows(RefusedException.class, () -> ada.engine().snapshot()).code());
    }
}
