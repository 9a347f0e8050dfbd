package io.insula.engine.user;

import io.insula.agent.Agent;
import io.insula.agent.AgentContext;
import io.insula.agent.AgentFailure;
import io.insula.agent.Effect;
import io.insula.agent.RunId;
import io.insula.agent.Tool;
import io.insula.agent.ToolContext;
import io.insula.engine.api.RunState;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

/**
 * Has an agent play until it comes to a gate, ends the process there, and has it play again in the next one. There are
 * tools for it, which count their calls: one for each effect.
 */
final class ReplayStage {
    private final Restarts restarts;
    private final AtomicBoolean opened = new AtomicBoolean();
    private final AtomicInteger waiting = new AtomicInteger();
    private final ConcurrentLinkedQueue<String> calls = new ConcurrentLinkedQueue<>();

    record Text(String text) {}

    /** A tool that notes its calls; it waits in a call that says so. */
    private final class Counting implements Tool<Text, Text> {
        @Override
        public Text call(Text input, ToolContext context) throws Exception {
            calls.add(input.text());
            if (input.text().startsWith("waits")) {
                gate();
            }
            if (input.text().startsWith("fails")) {
                throw new AgentFailure("no-luck", "There was no luck.");
            }
            return new Text("did " + input.text());
        }
    }

    ReplayStage(Restarts restarts) {
        this.restarts = restarts;
        tool("reads", Effect.READS);
        tool("writes", Effect.WRITES);
        tool("irreversible", Effect.IRREVERSIBLE);
    }

    private void tool(String name, Effect effect) {
        restarts.catalog.addTool(name, effect, toolType(), Text.class, Text.class, new Counting());
    }

    @SuppressWarnings({"unchecked", "rawtypes"}) // a class for each tool would say the same three times
    static Class<? extends Tool<Text, Text>> toolType() {
        return (Class) Counting.class;
    }

    static String use(AgentContext context, String tool, String text) {
        return context.call(tool, "{\"text\":\"" + text + "\"}");
    }

    /** Texts that tools were called with, in order, in all processes. */
    List<String> calls() {
        return List.copyOf(calls);
    }

    /** Waits, as long as it is not opened, until the thread is stopped. */
    void gate() throws InterruptedException {
        if (!isOpen()) {
            stay();
        }
    }

    /** Whether the process has ended at the gate, and the next one goes through. */
    boolean isOpen() {
        return opened.get();
    }

    /** Waits until the thread is stopped. */
    void stay() throws InterruptedException {
        waiting.incrementAndGet();
        new CountDownLatch(1).await();
    }

    /** Waits until so many have come to stay, in all processes. */
    void awaitWaiting(int times) {
        Await.until("the agent waits", () -> waiting.get() == times);
    }

    /** Ends the process, and has the next one go through the gate. */
    void crash() {
        opened.set(true);
        restarts.crashAndRestart();
    }

    /** Has the agent come to its gate, ends the process there, and has the next one go through. */
    RunId crashAtGate(Agent agent) {
        return crashAtGates(1, 0, agent);
    }

    /** The same, when so many parts of the agent have come to the gate and so many others have ended. */
    RunId crashAtGates(int gates, int ended, Agent agent) {
        restarts.catalog.addResumable("agent", agent);
        RunId run = restarts.user("ada").start("t", "agent", "");
        awaitWaiting(gates);
        Await.until("other parts have ended", () -> restarts.story("ada", run).stream()
                .filter("end of sub-agent"::equals)
                .count() >= ended);
        restarts.flush("ada");
        crash();
        return run;
    }

    /** Ends so many processes, each when the agent has come to stay in it. */
    RunId crashWhereItStays(int processes, Agent agent) {
        restarts.catalog.addResumable("agent", agent);
        RunId run = restarts.user("ada").start("t", "agent", "");
        for (int times = 1; times <= processes; times++) {
            awaitWaiting(times);
            restarts.flush("ada");
            restarts.crashAndRestart();
        }
        return run;
    }

    /** Waits for the run's end. What its user has seen of it. */
    List<String> finish(RunId run) {
        restarts.user("ada").expect(run, RunState.COMPLETED);
        return restarts.story("ada", run);
    }

    /** All text of the run's messages. */
    String said(RunId run) {
        return restarts.story("ada", run).stream()
                .filter(word -> word.startsWith("says "))
                .map(word -> word.substring(5))
                .collect(Collectors.joining());
    }
}
