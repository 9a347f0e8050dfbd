package io.insula.engine.user;

import io.insula.agent.AgentContext;
import io.insula.agent.AgentResult;
import io.insula.agent.Delegation;
import io.insula.agent.Question;
import io.insula.agent.QuestionExpiredException;
import io.insula.agent.RunId;
import io.insula.agent.UserId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/** The agents that seeded callers ask; what they see is told to the model. */
final class SeededAgents {
    /** The one that can be called again after a crash. */
    static final String RESUMABLE = "resumable";

    static final List<String> NAMES = List.of(
            "quick", "gated", "asks", "asks", "parts", "keeps", "stubborn", "fails", RESUMABLE, RESUMABLE);

    private final Reference reference;
    private final Map<String, CountDownLatch> gates = new HashMap<>();
    private boolean allOpen;
    private int made;
    private int closed;

    /** Something that a plugin keeps. */
    private final class Kept implements AutoCloseable {
        private boolean isClosed;

        Kept() {
            made++;
        }

        @Override
        public void close() {
            Reference.check(!isClosed, "closed twice: ", this);
            isClosed = true;
            closed++;
        }
    }

    SeededAgents(Reference reference) {
        this.reference = reference;
    }

    void addTo(FakeCatalog catalog) {
        catalog.addResumable(RESUMABLE, context -> {
            context.say("first");
            context.step("asking", () -> ask(context));
            return working(context, () -> context.say("last"));
        })
                .add("quick", context -> working(context, () -> context.say("quick")))
                .add("gated", context -> working(context, () -> gate(context.user(), context.run()).await()))
                .add("asks", context -> {
                    context.step("asking", () -> ask(context));
                    return working(context, () -> context.say("thanks"));
                })
                .add("piece", context -> {
                    context.message().write("left open");
                    return AgentResult.done();
                })
                .add("asker", context -> {
                    ask(context);
                    return AgentResult.done();
                })
                .add("parts", context -> {
                    context.delegateAll(
                            List.of(Delegation.to("piece"), Delegation.to("asker"), Delegation.to("asker")));
                    return AgentResult.done();
                })
                .add("keeps", context -> working(context, () -> {
                    Kept kept = context.resource(Kept.class, Kept::new);
                    context.store().put("kept", "" + kept.isClosed);
                }))
                .add("stubborn", "stubborn-plugin", context -> {
                    await(gate(context.user(), context.run()));
                    context.say("at last");
                    return AgentResult.done();
                })
                .add("fails", context -> {
                    throw new IllegalStateException("on purpose");
                });
    }

    private void ask(AgentContext context) {
        try {
            boolean approved = context.ask(new Question.Approval("Go on?"));
            reference.user(context.user()).wasTold(context.run(), approved);
        } catch (QuestionExpiredException expired) {
            context.say("too late");
        }
    }

    private AgentResult working(AgentContext context, AgentContext.StepWork work) throws Exception {
        // Asked for before, because a context says nothing any more once its run has ended.
        ReferenceUser user = reference.user(context.user());
        RunId run = context.run();
        user.works(run, true);
        try {
            work.run();
        } finally {
            user.works(run, false);
        }
        return AgentResult.done();
    }

    /** Waits whatever disturbs it. */
    private static void await(CountDownLatch gate) {
        boolean open = false;
        while (!open) {
            try {
                gate.await();
                open = true;
            } catch (InterruptedException e) {
                SeededThreads.pass();
            }
        }
    }

    private CountDownLatch gate(UserId user, RunId run) {
        return gates.computeIfAbsent(
                user.subject() + " " + run.value(), key -> new CountDownLatch(allOpen ? 0 : 1));
    }

    void open(UserId user, RunId run) {
        gate(user, run).countDown();
    }

    /** Holds nobody up any more. */
    void openAll() {
        allOpen = true;
        List.copyOf(gates.values()).forEach(CountDownLatch::countDown);
    }

    /** What was kept is gone with its process, and who waits at a gate would be in the way of who comes next. */
    void crashed() {
        closed = made;
        gates.replaceAll((run, gate) -> new CountDownLatch((int) gate.getCount()));
    }

    void checkNothingKept() {
        Reference.check(made == closed, "kept and not closed: ", made - closed);
    }
}
