package io.insula.engine.user;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.insula.agent.AgentContext;
import io.insula.agent.AgentResult;
import io.insula.agent.Delegation;
import io.insula.agent.Question;
import io.insula.agent.RunId;
import io.insula.agent.RunStoppedException;
import io.insula.agent.ThreadId;
import io.insula.agent.Tool;
import io.insula.agent.ToolContext;
import io.insula.engine.api.AnswerRequest;
import io.insula.engine.api.ErrorCode;
import io.insula.engine.api.RunRequest;
import io.insula.engine.api.RunState;
import io.insula.engine.api.WhenBusy;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

final class StopTest {
    @RegisterExtension
    final Premises premises = new Premises();

    private final TestUser ada = premises.user("ada");
    private final CountDownLatch inside = new CountDownLatch(1);
    private final CountDownLatch never = new CountDownLatch(1);

    record Empty() {}

    static final class SlowTool implements Tool<Empty, Empty> {
        private final StopTest test;

        SlowTool(StopTest test) {
            this.test = test;
        }

        @Override
        public Empty call(Empty input, ToolContext context) throws Exception {
            test.inside.countDown();
            test.never.await();
            return input;
        }
    }

    StopTest() {
        premises.catalog
                .add("hang", this::hang)
                .add("quick", context -> AgentResult.done())
                .addTool("slow", SlowTool.class, Empty.class, Empty.class, new SlowTool(this))
                .add("calls-tool", context -> {
                    context.call(SlowTool.class, new Empty());
                    return AgentResult.done();
                })
                .add("delegates", context -> {
                    context.delegate(Delegation.to("hang")).orFail();
                    return AgentResult.done();
                })
                .add("delegates-all", context -> {
                    context.delegateAll(List.of(Delegation.to("hang"), Delegation.to("hang")));
                    return AgentResult.done();
                })
                .add("asks", context -> {
                    context.ask(new Question.Approval("Go on?"));
                    return AgentResult.done();
                });
    }

    private AgentResult hang(AgentContext context) throws Exception {
        context.message().write("begun");
        context.thought().write("thinking");
        context.step("part", () -> {
            inside.countDown();
            never.await();
        });
        return AgentResult.done();
    }

    private void stopsAndGoesOn(String agent) {
        RunId run = ada.start("t", agent, "");
        Await.open(inside);
        assertEquals(RunState.CANCELLED, ada.cancel(run).state());
        ada.expect(ada.run("t", "quick", ""), RunState.COMPLETED);
        assertEquals(RunState.CANCELLED, ada.view(run).state());
    }

    @Test
    void aRunAtWorkIsStoppedAndTheNextInputWorks() {
        stopsAndGoesOn("hang");
    }

    @Test
    void aRunInsideAToolIsStoppedAndTheNextInputWorks() {
        stopsAndGoesOn("calls-tool");
    }

    @Test
    void aRunInsideASubAgentIsStoppedAndTheNextInputWorks() {
        stopsAndGoesOn("delegates");
    }

    @Test
    void aRunInsideParallelSubAgentsIsStoppedAndTheNextInputWorks() {
        stopsAndGoesOn("delegates-all");
    }

    @Test
    void aRunThatWaitsForAnAnswerIsStoppedAndTheNextInputWorks() {
        RunId run = ada.start("t", "asks", "");
        ada.awaitState(run, RunState.WAITING_FOR_ANSWER);
        assertEquals(RunState.CANCELLED, ada.cancel(run).state());
        ada.expect(ada.run("t", "quick", ""), RunState.COMPLETED);
    }

    @Test
    void aQueuedRunIsStoppedWithoutEverBeginning() {
        AtomicBoolean called = new AtomicBoolean();
        premises.catalog.add("marks", context -> {
            called.set(true);
            return AgentResult.done();
        });
        RunId first = ada.start("t", "hang", "");
        RunId queued = ada.start("t", "marks", "");
        assertEquals(RunState.CANCELLED, ada.cancel(queued).state());
        ada.cancel(first);
        ada.expect(ada.run("t", "quick", ""), RunState.COMPLETED);

        assertFalse(called.get());
        assertTrue(ada.view(queued).startedAt().isEmpty());
    }

    @Test
    void runsAreStoppedInTheVeryMomentOfTheirAcceptance() {
        for (int i = 0; i < 200; i++) {
            RunId id = new RunId("run" + i);
            var receipt = ada.engine().submit(new RunRequest(
                    UUID.randomUUID(),
                    Optional.of(new ThreadId("t")),
                    Optional.of(id),
                    Optional.of("hang"),
                    "",
                    List.of(),
                    WhenBusy.ENQUEUE));
            assertEquals(RunState.CANCELLED, ada.cancel(id).state());
            assertEquals(id, Await.value(receipt).run());
        }
        ada.expect(ada.run("t", "quick", ""), RunState.COMPLETED);
    }

    @Test
    void codeOfAPluginIsNotCalledForARunThatEndedBeforeItsThreadRan() throws IOException {
        AtomicInteger made = new AtomicInteger();
        AtomicBoolean holds = new AtomicBoolean(true);
        Premises slow = new Premises(
                EngineLimits.defaults(),
                threads -> work -> threads.newThread(() -> {
                    Await.until("threads may go on", () -> !holds.get());
                    work.run();
                }));
        try {
            slow.catalog.add("made", FakeCatalog.PLUGIN, Optional.empty(), () -> {
                made.incrementAndGet();
                return context -> AgentResult.done();
            });
            TestUser bob = slow.user("bob");
            RunId run = bob.start("t", "made", "");
            bob.awaitState(run, RunState.RUNNING);
            bob.cancel(run);
            holds.set(false);
            Await.until("all is quiet", bob.room()::isQuiet);

            assertEquals(0, made.get());
        } finally {
            holds.set(false);
            slow.end();
        }
    }

    @Test
    @Tag("W62")
    void aStopOfARunThatHasEndedChangesNothing() {
        RunId run = ada.run("t", "quick", "");
        assertEquals(RunState.COMPLETED, ada.cancel(run).state());
        assertEquals(RunState.COMPLETED, ada.cancel(run).state());
    }

    @Test
    void whatAnAgentSaysAfterTheStopIsSeenByNobody() {
        CountDownLatch tried = new CountDownLatch(1);
        premises.catalog.add("stubborn", context -> {
            try {
                return hang(context);
            } catch (InterruptedException e) {
                try {
                    context.say("too late");
                } catch (RunStoppedException stopped) {
                    tried.countDown();
                }
                return AgentResult.done();
            }
        });
        stopsAndGoesOn("stubborn");
        Await.open(tried);

        assertTrue(premises.log(ada.id()).stream().noneMatch(event -> event.json().contains("too late")));
    }

    @Test
    void aRunEndsAsTimedOutWhenItsDeadlineHasPassed() {
        premises.catalog.add("brief", FakeCatalog.PLUGIN, Optional.of(Duration.ofSeconds(30)), () -> this::hang);
        RunId run = ada.start("t", "brief", "");
        Await.open(inside);
        premises.alarms.advance(Duration.ofSeconds(29));
        premises.flush(ada);
        assertEquals(RunState.RUNNING, ada.view(run).state());
        premises.alarms.advance(Duration.ofSeconds(1));

        ada.expect(run, RunState.TIMED_OUT);
        ada.expectCode(run, "deadline-exceeded");
        ada.expect(ada.run("t", "quick", ""), RunState.COMPLETED);
    }

    @Test
    void theDeadlineStandsStillWhileTheRunWaitsForAnAnswer() {
        CountDownLatch answered = new CountDownLatch(1);
        premises.catalog.add("patient", FakeCatalog.PLUGIN, Optional.of(Duration.ofSeconds(30)), () -> context -> {
            context.ask(new Question.Approval("Go on?"));
            answered.countDown();
            return hang(context);
        });
        RunId run = ada.start("t", "patient", "");
        ada.awaitState(run, RunState.WAITING_FOR_ANSWER);
        premises.alarms.advance(Duration.ofHours(23));
        Await.value(ada.answer(
                run,
                ada.awaitQuestion(run).id(),
                new AnswerRequest.Content.Approval(true)));
        Await.open(answered);
        Await.open(inside);
        premises.alarms.advance(Duration.ofSeconds(29));
        premises.flush(ada);
        assertEquals(RunState.RUNNING, ada.view(run).state());
        premises.alarms.advance(Duration.ofSeconds(1));

        ada.expect(run, RunState.TIMED_OUT);
    }

    @Test
    void aDeadlineLongerThanThePlatformAllowsIsCut() {
        premises.catalog.add("long", FakeCatalog.PLUGIN, Optional.of(Duration.ofDays(1)), () -> this::hang);
        RunId run = ada.start("t", "long", "");
        Await.open(inside);
        premises.alarms.advance(premises.limits.run().maxDeadline());

        ada.expectCode(run, ErrorCode.DEADLINE_EXCEEDED.word());
    }

    @Test
    void aRunThatHasEndedLeavesNoAlarmBehind() {
        ada.run("t", "quick", "");
        Await.until("all is quiet", ada.room()::isQuiet);

        assertEquals(0, premises.alarms.set(premises.limits.run().stopGrace()));
        assertEquals(1, premises.alarms.set());
    }
}
