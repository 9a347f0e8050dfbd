package io.insula.engine.user;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.insula.agent.AgentFailure;
import io.insula.agent.AgentResult;
import io.insula.agent.Delegation;
import io.insula.agent.Outcome;
import io.insula.agent.RunId;
import io.insula.engine.api.ErrorCode;
import io.insula.engine.api.RunState;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

final class DelegationTest {
    @RegisterExtension
    final Premises premises = new Premises();

    private final TestUser ada = premises.user("ada");
    private final ConcurrentLinkedQueue<Outcome<?>> outcomes = new ConcurrentLinkedQueue<>();

    record Figure(int value) {}

    record Other(String word) {}

    DelegationTest() {
        premises.catalog
                .add("double", context -> {
                    context.say("doubling");
                    return AgentResult.of(
                            new Figure(2 * context.data(Figure.class).orElseThrow().value()));
                })
                .add("fails", context -> {
                    context.say("about to fail");
                    throw new AgentFailure("no-luck", "There was no luck.");
                })
                .add("throws", context -> {
                    context.message().write("never closed");
                    throw new IllegalStateException("secret text");
                });
    }

    private static Delegation<Figure> twice(int value) {
        return Delegation.to("double", Figure.class).withData(new Figure(value));
    }

    /** What the delegation gave to an agent that did nothing else. */
    private <R extends Record> Outcome<?> outcomeOf(Delegation<R> work) {
        premises.catalog.add("caller", context -> {
            outcomes.add(context.delegate(work));
            return AgentResult.done();
        });
        ada.expect(ada.run("t", "caller", ""), RunState.COMPLETED);
        Outcome<?> outcome = outcomes.poll();
        assertTrue(outcome != null);
        return outcome;
    }

    private static String code(Outcome<?> outcome) {
        return switch (outcome) {
            case Outcome.Completed<?> completed -> "completed";
            case Outcome.Failed<?> failed -> failed.code();
        };
    }

    @Test
    void aSubAgentWorksAsAPartOfTheRunAndReturnsARecord() {
        assertEquals(new Outcome.Completed<>(new Figure(42)), outcomeOf(twice(21)));
        assertTrue(premises.log(ada.id()).stream().anyMatch(event -> event.json().contains("SUBAGENT_FINISHED")));
        assertEquals(List.of("", "doubling"), ada.texts("t"));
        assertEquals("double", ada.messages("t").getLast().agent());
    }

    @Test
    void theFailureOfASubAgentIsAValue() {
        assertEquals(
                new Outcome.Failed<>(FakeCatalog.PLUGIN + ".no-luck", "There was no luck."),
                outcomeOf(Delegation.to("fails")));
    }

    @Test
    void aFailureThatIsPassedOnEndsTheRunWithTheSameCode() {
        premises.catalog.add("caller", "other-plugin", context -> {
            context.delegate(Delegation.to("fails")).orFail();
            return AgentResult.done();
        });
        ada.expectCode(ada.run("t", "caller", ""), FakeCatalog.PLUGIN + ".no-luck");
    }

    @Test
    void whatASubAgentLeftOpenIsClosedAndItsExceptionIsShownToNobody() {
        assertEquals(
                new Outcome.Failed<>("agent-failed", "The agent \"throws\" failed."),
                outcomeOf(Delegation.to("throws")));
        assertTrue(premises.log(ada.id()).stream().noneMatch(event -> event.json().contains("secret")));
    }

    @Test
    void aResultOfAnotherTypeIsAFailure() {
        assertEquals(
                ErrorCode.DATA_MISMATCH.word(),
                code(outcomeOf(Delegation.to("double", Other.class).withData(new Figure(1)))));
    }

    @Test
    void anUnknownAgentIsAFailureThatNamesTheNearest() {
        assertEquals(
                new Outcome.Failed<>(
                        "agent-unknown",
                        "No agent \"duoble\" is loaded. Did you mean \"double\"?"
                                + " Loaded: caller, double, fails, throws."),
                outcomeOf(Delegation.to("duoble")));
    }

    @Test
    void anAgentThatIsAtWorkFurtherUpIsRefused() {
        premises.catalog
                .add("a", context -> {
                    outcomes.add(context.delegate(Delegation.to("b")));
                    return AgentResult.done();
                })
                .add("b", context -> {
                    outcomes.add(context.delegate(Delegation.to("a")));
                    return AgentResult.done();
                });
        ada.expect(ada.run("t", "a", ""), RunState.COMPLETED);

        assertEquals(
                List.of("delegation-refused", "completed"),
                outcomes.stream().map(DelegationTest::code).toList());
    }

    @Test
    void eightAgentsMayBeAtWorkBelowEachOtherAndTheNinthIsRefused() {
        for (int level = 1; level <= 9; level++) {
            String next = "level" + (level + 1);
            premises.catalog.add("level" + level, context -> {
                outcomes.add(context.delegate(Delegation.to(next)));
                return AgentResult.done();
            });
        }
        ada.expect(ada.run("t", "level1", ""), RunState.COMPLETED);

        List<String> codes = new ArrayList<>();
        codes.add("delegation-refused");
        codes.addAll(Collections.nCopies(7, "completed"));
        assertEquals(codes, outcomes.stream().map(DelegationTest::code).toList());
    }

    @Test
    void parallelWorkGivesItsOutcomesInTheOrderGiven() {
        ConcurrentLinkedQueue<List<Outcome<Figure>>> all = new ConcurrentLinkedQueue<>();
        List<Delegation<Figure>> work = new ArrayList<>();
        List<Outcome<Figure>> expected = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            work.add(i == 7 ? Delegation.to("fails", Figure.class) : twice(i));
            expected.add(
                    i == 7
                            ? new Outcome.Failed<>(FakeCatalog.PLUGIN + ".no-luck", "There was no luck.")
                            : new Outcome.Completed<>(new Figure(2 * i)));
        }
        premises.catalog.add("caller", context -> {
            all.add(context.delegateAll(work));
            all.add(context.delegateAll(List.of()));
            return AgentResult.done();
        });
        ada.expect(ada.run("t", "caller", ""), RunState.COMPLETED);

        assertEquals(List.of(expected, List.of()), List.copyOf(all));
    }

    @Test
    void atMostEightSubAgentsOfACallAreAtWorkAtOnce() {
        AtomicInteger now = new AtomicInteger();
        AtomicInteger peak = new AtomicInteger();
        CountDownLatch mayEnd = new CountDownLatch(1);
        premises.catalog
                .add("part", context -> {
                    peak.accumulateAndGet(now.incrementAndGet(), Math::max);
                    mayEnd.await();
                    now.decrementAndGet();
                    return AgentResult.done();
                })
                .add("caller", context -> {
                    context.delegateAll(Collections.nCopies(20, Delegation.to("part")));
                    return AgentResult.done();
                });
        RunId run = ada.start("t", "caller", "");
        Await.until("eight are at work", () -> now.get() == 8);
        mayEnd.countDown();

        ada.expect(run, RunState.COMPLETED);
        assertEquals(8, peak.get());
    }

    @Test
    void aRunThatIsStoppedAmongManyPartsEndsWithAllOfThem() {
        AtomicInteger begun = new AtomicInteger();
        premises.catalog
                .add("leaf", context -> {
                    begun.incrementAndGet();
                    context.thought().write("hm");
                    Thread.currentThread().join();
                    return AgentResult.done();
                })
                .add("branch", context -> {
                    context.delegateAll(Collections.nCopies(9, Delegation.to("leaf")));
                    return AgentResult.done();
                })
                .add("root", context -> {
                    context.delegateAll(Collections.nCopies(3, Delegation.to("branch")));
                    return AgentResult.done();
                });
        RunId run = ada.start("t", "root", "");
        Await.until("leaves are at work", () -> begun.get() == 24);

        assertEquals(RunState.CANCELLED, ada.cancel(run).state());
        Await.until("all is quiet", ada.room()::isQuiet);
        assertEquals(24, begun.get());
    }
}
