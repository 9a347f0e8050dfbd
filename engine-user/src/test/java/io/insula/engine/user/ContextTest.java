package io.insula.engine.user;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.insula.agent.AgentContext;
import io.insula.agent.AgentResult;
import io.insula.agent.ContextMisuseException;
import io.insula.agent.MessageWriter;
import io.insula.agent.RunId;
import io.insula.agent.Tool;
import io.insula.agent.ToolContext;
import io.insula.agent.UserStore;
import io.insula.engine.api.ErrorCode;
import io.insula.engine.api.RunState;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

final class ContextTest {
    private static final int STEPS = 10;
    private static final int EVENTS = 100;
    private static final int MESSAGE_CHARACTERS = 1_000;

    @RegisterExtension
    final Premises premises = new Premises(TestLimits.run(STEPS, EVENTS, MESSAGE_CHARACTERS, 1 << 20));

    private final TestUser ada = premises.user("ada");
    private final ConcurrentLinkedQueue<Throwable> thrown = new ConcurrentLinkedQueue<>();
    private final AtomicReference<@Nullable AgentContext> kept = new AtomicReference<>();
    private final AtomicReference<@Nullable MessageWriter> keptWriter = new AtomicReference<>();
    private final AtomicReference<@Nullable UserStore> keptStore = new AtomicReference<>();

    record Empty() {}

    private final class UsesAgentsContext implements Tool<Empty, Empty> {
        @Override
        public Empty call(Empty input, ToolContext context) {
            misuse(present(kept));
            return input;
        }
    }

    private static <T> T present(AtomicReference<@Nullable T> reference) {
        T value = reference.get();
        assertTrue(value != null);
        return value;
    }

    /** Uses of a context, none of which may get through. */
    private void misuse(AgentContext context) {
        List<Consumer<AgentContext>> uses = List.of(
                c -> c.say("foreign"),
                AgentContext::user,
                AgentContext::input,
                AgentContext::message,
                AgentContext::store,
                AgentContext::checkpoint,
                AgentContext::timeLeft,
                c -> c.conversation(1),
                c -> c.progress("foreign", 1, 2),
                c -> c.call("any", "{}"),
                c -> c.resource(AutoCloseable.class, () -> () -> {}));
        for (Consumer<AgentContext> use : uses) {
            thrown.add(assertThrows(ContextMisuseException.class, () -> use.accept(context)));
        }
        assertThrows(ContextMisuseException.class, () -> present(keptWriter).write("foreign"));
        assertThrows(ContextMisuseException.class, () -> present(keptStore).get("name"));
    }

    private AgentResult keep(AgentContext context) {
        kept.set(context);
        keptWriter.set(context.message());
        keptStore.set(context.store());
        return AgentResult.done();
    }

    private void join(Runnable work) throws InterruptedException {
        Thread thread = Thread.ofVirtual().uncaughtExceptionHandler((t, failure) -> thrown.add(failure)).start(work);
        thread.join();
    }

    private void assertOnlyMisuse() {
        assertEquals(11, thrown.size());
        thrown.forEach(failure -> assertEquals(ContextMisuseException.class, failure.getClass()));
        assertTrue(premises.log(ada.id()).stream().noneMatch(event -> event.json().contains("foreign")));
    }

    @Test
    void aThreadThatWasNotGivenTheContextIsRefused() {
        premises.catalog.add("shares", context -> {
            AgentResult result = keep(context);
            join(() -> misuse(context));
            // The writer is still this thread's own.
            present(keptWriter).write("mine");
            present(keptWriter).close();
            return result;
        });
        ada.expect(ada.run("t", "shares", ""), RunState.COMPLETED);
        assertOnlyMisuse();
        assertEquals("mine", ada.texts("t").getLast());
    }

    @Test
    void aWriterThatAForeignThreadTriedToCloseIsClosedByItsOwner() {
        premises.catalog.add("shares", context -> {
            MessageWriter writer = context.message();
            join(() -> assertThrows(ContextMisuseException.class, writer::close));
            writer.close();
            context.say("after");
            return AgentResult.done();
        });
        ada.expect(ada.run("t", "shares", ""), RunState.COMPLETED);
        assertEquals(List.of("", "", "after"), ada.texts("t"));
        assertTrue(thrown.isEmpty());
    }

    @Test
    void aContextIsRefusedAfterItsCallHasReturned() throws InterruptedException {
        premises.catalog.add("keeps", this::keep);
        ada.expect(ada.run("t", "keeps", ""), RunState.COMPLETED);
        join(() -> misuse(present(kept)));
        assertOnlyMisuse();
    }

    @Test
    void aContextOfAnEarlierRunIsRefusedInALaterOne() {
        premises.catalog.add("keeps", this::keep).add("reuses", context -> {
            misuse(present(kept));
            return AgentResult.done();
        });
        ada.run("t", "keeps", "");
        ada.expect(ada.run("t", "reuses", ""), RunState.COMPLETED);
        assertOnlyMisuse();
    }

    @Test
    void aToolCannotUseTheContextOfItsCaller() {
        premises.catalog
                .addTool("uses", UsesAgentsContext.class, Empty.class, Empty.class, new UsesAgentsContext())
                .add("calls", context -> {
                    keep(context);
                    context.call(UsesAgentsContext.class, new Empty());
                    return AgentResult.done();
                });
        ada.expect(ada.run("t", "calls", ""), RunState.COMPLETED);
        assertOnlyMisuse();
    }

    @Test
    void aRunMayHaveAsManyStepsAsItsLimitAndNoMore() {
        premises.catalog.add("steps", context -> {
            for (int i = 0; i < Integer.parseInt(context.input().text()); i++) {
                context.step("same", () -> {});
            }
            return AgentResult.done();
        });
        ada.expect(ada.run("t", "steps", "" + STEPS), RunState.COMPLETED);
        ada.expectCode(ada.run("t", "steps", "" + (STEPS + 1)), ErrorCode.RUN_TOO_LARGE.word());
    }

    @Test
    void aRunMayHaveAsManyEventsAsItsLimitAndNoMore() {
        premises.catalog.add("events", context -> {
            for (int i = 0; i < Integer.parseInt(context.input().text()); i++) {
                context.progress("more", i, i);
            }
            return AgentResult.done();
        });
        ada.expect(ada.run("t", "events", "" + EVENTS), RunState.COMPLETED);
        ada.expectCode(ada.run("t", "events", "" + (EVENTS + 1)), ErrorCode.RUN_TOO_LARGE.word());
    }

    @Test
    void aMessageMayBeAsLongAsItsLimitAndNoLonger() {
        premises.catalog.add("says", context -> {
            context.say("x".repeat(Integer.parseInt(context.input().text())));
            return AgentResult.done();
        });
        ada.expect(ada.run("t", "says", "" + MESSAGE_CHARACTERS), RunState.COMPLETED);
        ada.expectCode(ada.run("t", "says", "" + (MESSAGE_CHARACTERS + 1)), ErrorCode.RUN_TOO_LARGE.word());
    }

    @Test
    void stepsOfTheSameNameAtTheSameTimeGetNumbers() {
        premises.catalog.add("nests", context -> {
            context.step("part", () -> context.step("part", () -> context.step("part", () -> {})));
            return AgentResult.done();
        });
        ada.expect(ada.run("t", "nests", ""), RunState.COMPLETED);
        assertEquals(
                List.of("part", "part (2)", "part (3)", "part (3)", "part (2)", "part"),
                premises.log(ada.id()).stream()
                        .flatMap(event -> Json.parse(event.json()).find("stepName").stream())
                        .toList());
    }

    @Test
    void progressThatComesTooFastIsLeftOutButNotTheLast() {
        premises.catalog.add("hurries", context -> {
            for (int i = 1; i <= 10; i++) {
                context.progress("part", i, 10);
            }
            return AgentResult.done();
        });
        ada.expect(ada.run("t", "hurries", ""), RunState.COMPLETED);
        assertEquals(2, premises.log(ada.id()).stream()
                .filter(event -> event.json().contains("insula.progress"))
                .count());
    }

    @Test
    void anInterruptOfTheAgentsOwnMakingDoesNotEndItsRun() {
        CountDownLatch both = new CountDownLatch(1);
        premises.catalog.add("interrupts", context -> {
            Thread.currentThread().interrupt();
            context.say("still here");
            context.store().put("a", "b");
            if (Thread.interrupted()) {
                both.countDown();
            }
            return AgentResult.done();
        });
        RunId run = ada.run("t", "interrupts", "");
        ada.expect(run, RunState.COMPLETED);
        assertEquals(0, both.getCount());
        assertEquals(List.of("", "still here"), ada.texts("t"));
    }
}
