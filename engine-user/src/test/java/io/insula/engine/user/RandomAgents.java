package io.insula.engine.user;

import io.insula.agent.AgentContext;
import io.insula.agent.AgentResult;
import io.insula.agent.Delegation;
import io.insula.agent.Question;
import io.insula.agent.RunId;
import io.insula.agent.UserId;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** The agents that {@link RandomLife} asks, and how many of them were at work at once for each user. */
final class RandomAgents {
    static final List<String> NAMES = List.of("quick", "gated", "asks", "parts");

    private final ConcurrentMap<UserId, AtomicInteger> working = new ConcurrentHashMap<>();
    private final ConcurrentMap<UserId, AtomicInteger> peaks = new ConcurrentHashMap<>();
    private final ConcurrentMap<String, CountDownLatch> gates = new ConcurrentHashMap<>();

    RandomAgents(FakeCatalog catalog) {
        catalog.add("quick", context -> counted(context, () -> context.say("quick")))
                .add("gated", context -> counted(context, () -> {
                    context.thought().write("waiting");
                    gate(context.user(), context.run()).await();
                }))
                .add("asks", context -> {
                    // Not counted while it asks: it holds no place then.
                    context.step("asking", () -> context.say("" + context.ask(new Question.Approval("Go on?"))));
                    return counted(context, () -> context.say("thanks"));
                })
                .add("piece", context -> {
                    context.message().write("left open");
                    return AgentResult.done();
                })
                .add("parts", context -> {
                    context.delegateAll(
                            List.of(Delegation.to("piece"), Delegation.to("asks"), Delegation.to("piece"),
                                    Delegation.to("nobody")));
                    return AgentResult.done();
                });
    }

    private AgentResult counted(AgentContext context, AgentContext.StepWork work) throws Exception {
        AtomicInteger now = working.computeIfAbsent(context.user(), user -> new AtomicInteger());
        peaks.computeIfAbsent(context.user(), user -> new AtomicInteger())
                .accumulateAndGet(now.incrementAndGet(), Math::max);
        try {
            work.run();
        } finally {
            now.decrementAndGet();
        }
        return AgentResult.done();
    }

    private CountDownLatch gate(UserId user, RunId run) {
        return gates.computeIfAbsent(user + " " + run, key -> new CountDownLatch(1));
    }

    void open(UserId user, RunId run) {
        gate(user, run).countDown();
    }

    int peak(UserId user) {
        AtomicInteger peak = peaks.get(user);
        return peak == null ? 0 : peak.get();
    }
}
