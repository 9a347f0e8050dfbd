package io.insula.engine.user;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.insula.agent.Agent;
import io.insula.agent.AgentContext;
import io.insula.agent.AgentFailure;
import io.insula.agent.AgentResult;
import io.insula.agent.Delegation;
import io.insula.agent.Effect;
import io.insula.agent.MessageWriter;
import io.insula.agent.Outcome;
import io.insula.agent.Question;
import io.insula.agent.RunId;
import io.insula.agent.Tool;
import io.insula.agent.ToolCallException;
import io.insula.agent.ToolContext;
import io.insula.engine.api.AnswerRequest.Content;
import io.insula.engine.api.RunState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What an agent and its user see when a run is played again from its records. */
final class ReplayTest {
    @RegisterExtension
    final Restarts restarts = new Restarts();

    private final AtomicBoolean opened = new AtomicBoolean();
    private final AtomicInteger waiting = new AtomicInteger();
    private final ConcurrentLinkedQueue<String> done = new ConcurrentLinkedQueue<>();

    record Text(String text) {}

    /** A tool that counts its calls; it waits in a call that says so. */
    private final class Counting implements Tool<Text, Text> {
        @Override
        public Text call(Text input, ToolContext context) throws Exception {
            done.add(input.text());
            if (input.text().startsWith("waits")) {
                gate();
            }
            if (input.text().startsWith("fails")) {
                throw new AgentFailure("no-luck", "There was no luck.");
            }
            return new Text("did " + input.text());
        }
    }

    ReplayTest() {
        tool("reads", Effect.READS);
        tool("writes", Effect.WRITES);
        tool("irreversible", Effect.IRREVERSIBLE);
    }

    private void tool(String name, Effect effect) {
        @SuppressWarnings({"unchecked", "rawtypes"}) // a class for each tool would say the same three times
        Class<? extends Tool<Text, Text>> type = (Class) Counting.class;
        restarts.catalog.addTool(name, effect, type, Text.class, Text.class, new Counting());
    }

    /** Waits, as long as it is not opened, until the thread is stopped. */
    private void gate() throws InterruptedException {
        if (!opened.get()) {
            waiting.incrementAndGet();
            new CountDownLatch(1).await();
        }
    }

    private static String use(AgentContext context, String tool, String text) {
        return context.call(tool, "{\"text\":\"" + text + "\"}");
    }

    /** Has the agent come to its gate, ends the process there, and has the next one go through. */
    private RunId crashAtGate(Agent agent) {
        return crashAtGates(1, 0, agent);
    }

    private RunId crashAtGates(int gates, int ended, Agent agent) {
        restarts.catalog.addResumable("agent", agent);
        RunId run = restarts.user("ada").start("t", "agent", "");
        Await.until("the agent waits", () -> waiting.get() == gates);
        Await.until("other parts have ended", () -> restarts.story("ada", run).stream()
                .filter("end of sub-agent"::equals)
                .count() >= ended);
        restarts.flush("ada");
        opened.set(true);
        restarts.crashAndRestart();
        return run;
    }

    private List<String> finish(RunId run) {
        restarts.user("ada").expect(run, RunState.COMPLETED);
        return restarts.story("ada", run);
    }

    private String said(RunId run) {
        return restarts.story("ada", run).stream()
                .filter(word -> word.startsWith("says "))
                .map(word -> word.substring(5))
                .collect(Collectors.joining());
    }

    @Test
    void whatWasShownIsNotShownAgain() {
        RunId run = crashAtGate(context -> {
            context.say("one");
            context.think("two");
            context.step("three", () -> context.progress("four", 1, 2));
            gate();
            context.say("five");
            return AgentResult.done();
        });
        assertEquals(
                List.of(
                        "run.accepted", "message", "says one", "said", "thinks two", "step three", "progress",
                        "end of step three", "resumed", "message", "says five", "said", "finished"),
                finish(run));
        assertEquals(List.of("", "one", "five"), restarts.user("ada").texts("t"));
    }

    @Test
    void ofAMessageThatWasOpenOnlyTheRestIsShownInAnother() {
        RunId run = crashAtGate(context -> {
            try (MessageWriter message = context.message();
                    MessageWriter thought = context.thought()) {
                message.write("shown, ");
                thought.write("a thou");
                message.write("shown too");
                gate();
                message.write(" and the rest");
                thought.write("ght");
            }
            return AgentResult.done();
        });
        List<String> story = finish(run);
        assertEquals("shown, shown too and the rest", said(run));
        assertEquals(List.of("", "shown, shown too", " and the rest"), restarts.user("ada").texts("t"));
        assertTrue(story.containsAll(List.of("thinks a thou", "thinks ght")), story::toString);
    }

    @Test
    void aMessageThatWasShownWholeAndNotEndedIsNotBegunAgain() {
        RunId run = crashAtGate(context -> {
            try (MessageWriter message = context.message()) {
                message.write("everything");
                gate();
            }
            context.say("more");
            return AgentResult.done();
        });
        assertEquals(
                List.of(
                        "run.accepted", "message", "says everything", "said", "resumed", "message", "says more",
                        "said", "finished"),
                finish(run));
    }

    @Test
    void aMessageThatIsInterruptedAgainAndAgainIsShownOnce() {
        AtomicInteger attempt = new AtomicInteger();
        restarts.catalog.addResumable("agent", context -> {
            int now = attempt.incrementAndGet();
            try (MessageWriter message = context.message()) {
                for (int i = 1; i <= 4; i++) {
                    message.write("part " + i + ", ");
                    if (i == now && now < 4) {
                        waiting.incrementAndGet();
                        new CountDownLatch(1).await();
                    }
                }
            }
            return AgentResult.done();
        });
        RunId run = restarts.user("ada").start("t", "agent", "");
        for (int i = 1; i < 4; i++) {
            int times = i;
            Await.until("the agent waits", () -> waiting.get() == times);
            restarts.flush("ada");
            restarts.crashAndRestart();
        }
        finish(run);
        assertEquals("part 1, part 2, part 3, part 4, ", said(run));
        assertEquals(5, restarts.user("ada").texts("t").size());
    }

    @Test
    void stepsThatWereOpenAreShownAgainAndThoseThatEndedAreNot() {
        RunId run = crashAtGate(context -> {
            context.step("outer", () -> {
                context.step("done", () -> context.say("one"));
                context.step("inner", this::gate);
            });
            return AgentResult.done();
        });
        assertEquals(
                List.of(
                        "run.accepted", "step outer", "step done", "message", "says one", "said", "end of step done",
                        "step inner", "end of step inner", "end of step outer", "resumed", "step outer", "step inner",
                        "end of step inner", "end of step outer", "finished"),
                finish(run));
    }

    @Test
    void toolsGiveWhatTheyGaveAndAreNotCalledAgain() {
        List<String> given = new ArrayList<>();
        RunId run = crashAtGate(context -> {
            given.clear();
            given.add(use(context, "reads", "a"));
            given.add(context.call(typeOf(), new Text("b")).text());
            try {
                use(context, "irreversible", "fails");
            } catch (ToolCallException failure) {
                given.add(failure.code());
            }
            try {
                use(context, "unheard-of", "c");
            } catch (ToolCallException failure) {
                given.add(failure.code());
            }
            gate();
            return AgentResult.done();
        });
        List<String> story = finish(run);
        assertEquals(List.of("a", "b", "fails"), List.copyOf(done));
        assertEquals(List.of("{\"text\":\"did a\"}", "did b", "test-plugin.no-luck", "tool-unknown"), given);
        assertEquals(4, story.stream().filter(word -> word.startsWith("calls")).count());
    }

    @SuppressWarnings({"unchecked", "rawtypes"}) // as for the tool's other names
    private static Class<? extends Tool<Text, Text>> typeOf() {
        return (Class) Counting.class;
    }

    private List<String> interruptIn(String tool) {
        List<String> given = new ArrayList<>();
        RunId run = crashAtGate(context -> {
            given.clear();
            try {
                given.add(use(context, tool, "waits"));
            } catch (ToolCallException failure) {
                given.add(failure.code());
            }
            context.say("on we go");
            return AgentResult.done();
        });
        List<String> story = finish(run);
        given.add("calls: " + done.size());
        given.add("shown: " + story.stream().filter(word -> word.startsWith("calls")).count());
        assertTrue(story.stream().anyMatch(word -> word.contains("\"code\":\"interrupted\"")), story::toString);
        return given;
    }

    @Test
    void aToolThatOnlyReadsIsCalledAgainIfItWasInterrupted() {
        assertEquals(List.of("{\"text\":\"did waits\"}", "calls: 2", "shown: 2"), interruptIn("reads"));
    }

    @Test
    void aToolThatWritesIsNotCalledAgainAndItsAgentIsTold() {
        assertEquals(List.of("interrupted", "calls: 1", "shown: 1"), interruptIn("writes"));
    }

    @Test
    void aToolWhoseEffectCannotBeUndoneIsNotCalledAgainAndItsAgentIsTold() {
        assertEquals(List.of("interrupted", "calls: 1", "shown: 1"), interruptIn("irreversible"));
    }

    @Test
    void whatTheAgentIsToldOfAnInterruptedToolItIsToldAgain() {
        List<String> told = new ArrayList<>();
        AtomicInteger attempt = new AtomicInteger();
        restarts.catalog.addResumable("agent", context -> {
            attempt.incrementAndGet();
            try {
                use(context, "writes", "waits");
            } catch (ToolCallException failure) {
                told.add(attempt + " " + failure.code());
            }
            if (attempt.get() == 2) {
                waiting.incrementAndGet();
                new CountDownLatch(1).await();
            }
            return AgentResult.done();
        });
        RunId run = restarts.user("ada").start("t", "agent", "");
        for (int i = 1; i <= 2; i++) {
            int times = i;
            Await.until("the agent waits", () -> waiting.get() == times);
            restarts.flush("ada");
            restarts.crashAndRestart();
        }
        finish(run);
        assertEquals(List.of("2 interrupted", "3 interrupted"), told);
        assertEquals(1, done.size());
    }

    @Test
    void timeAndStoreSayWhatTheySaid() {
        List<String> first = new ArrayList<>();
        List<String> second = new ArrayList<>();
        RunId run = crashAtGate(context -> {
            List<String> seen = opened.get() ? second : first;
            seen.add(context.now().toString());
            seen.add(context.timeLeft().toString());
            seen.add(context.store().get("name").orElse("none"));
            context.store().put("name", "value");
            context.store().put("other: 1", "value");
            seen.add(context.store().get("name").orElse("none"));
            seen.add(context.store().names().toString());
            context.store().remove("name");
            seen.add(context.store().names().toString());
            restarts.advance(Duration.ofSeconds(1));
            gate();
            return AgentResult.done();
        });
        finish(run);
        assertEquals(first, second);
        assertEquals(List.of("none", "value", "[name, other: 1]", "[other: 1]"), second.subList(2, 6));
        assertEquals(List.of("other: 1"), restarts.disk.textNames(Premises.id("ada"), FakeCatalog.PLUGIN));
    }

    @Test
    void aStoreThatIsWrittenAfterwardsIsReadAsItWasBefore() {
        List<String> seen = new ArrayList<>();
        RunId run = crashAtGate(context -> {
            seen.add(context.store().get("counter").orElse("0"));
            context.store().put("counter", "1");
            gate();
            return AgentResult.done();
        });
        finish(run);
        assertEquals(List.of("0", "0"), seen);
    }

    @Test
    void answersAreGivenAgain() {
        List<String> answers = new ArrayList<>();
        restarts.catalog.addResumable("agent", context -> {
            answers.add("" + context.ask(new Question.Approval("May I?")));
            answers.add(context.ask(new Question.Choice("Which?", List.of("left", "right"))));
            answers.add(context.ask(new Question.Text("Why?")));
            gate();
            return AgentResult.done();
        });
        RunId run = restarts.user("ada").start("t", "agent", "");
        TestUser ada = restarts.user("ada");
        Await.value(ada.answer(run, ada.awaitQuestion(run).id(), new Content.Approval(true)));
        Await.value(ada.answer(run, ada.awaitQuestion(run).id(), new Content.Words("left")));
        Await.value(ada.answer(run, ada.awaitQuestion(run).id(), new Content.Words("because\nof that")));
        Await.until("the agent waits", () -> waiting.get() == 1);
        opened.set(true);
        restarts.crashAndRestart();

        List<String> story = finish(run);
        List<String> expected = List.of("true", "left", "because\nof that");
        assertEquals(expected, answers.subList(0, 3));
        assertEquals(expected, answers.subList(3, 6));
        assertEquals(3, story.stream().filter("question"::equals).count());
    }

    @Test
    void aSubAgentThatEndedGivesItsResultAgain() {
        restarts.catalog.add("part", context -> {
            done.add(context.input().text());
            context.say("part " + context.input().text());
            return AgentResult.of(new Text("of " + context.input().text()));
        });
        List<String> results = new ArrayList<>();
        RunId run = crashAtGate(context -> {
            results.add(context.delegate(Delegation.to("part", Text.class).withText("a")).toString());
            results.add(context.delegate(Delegation.to("nobody")).toString());
            gate();
            results.add(context.delegate(Delegation.to("part", Text.class).withText("b")).toString());
            return AgentResult.done();
        });
        List<String> story = finish(run);
        assertEquals(List.of("a", "b"), List.copyOf(done));
        assertEquals(results.subList(0, 2), results.subList(2, 4));
        assertEquals(3, story.stream().filter(word -> word.startsWith("delegates")).count());
    }

    @Test
    void aSubAgentThatWasInterruptedIsShownAgainAndPlayedFromItsOwnRecords() {
        restarts.catalog.addResumable("part", context -> {
            context.say("one ");
            use(context, "writes", "once");
            context.step("deep", () -> {
                gate();
                context.say("two");
            });
            return AgentResult.of(new Text("result"));
        });
        List<String> results = new ArrayList<>();
        RunId run = crashAtGate(context -> {
            results.add(context.delegate(Delegation.to("part", Text.class)).toString());
            return AgentResult.done();
        });
        List<String> story = finish(run);
        assertEquals("one two", said(run));
        assertEquals(List.of("once"), List.copyOf(done));
        assertEquals(List.of("Completed[result=Text[text=result]]"), results);
        int resumed = story.indexOf("resumed");
        assertEquals(
                List.of("sub-agent interrupted", "resumed", "delegates part", "step deep"),
                story.subList(resumed - 1, resumed + 3));
    }

    @Test
    void aSubAgentThatCannotBeResumedIsNotCalledAgainAndItsCallerIsTold() {
        AtomicInteger calls = new AtomicInteger();
        restarts.catalog.add("part", context -> {
            calls.incrementAndGet();
            gate();
            return AgentResult.done();
        });
        List<String> results = new ArrayList<>();
        RunId run = crashAtGate(context -> {
            switch (context.delegate(Delegation.to("part"))) {
                case Outcome.Completed(var result) -> results.add("completed");
                case Outcome.Failed(var code, var message) -> results.add(code);
            }
            return AgentResult.done();
        });
        finish(run);
        assertEquals(1, calls.get());
        assertEquals(List.of("interrupted"), results);
    }

    @Test
    void ofParallelSubAgentsThoseThatEndedGiveTheirResultsAndTheOthersGoOn() {
        restarts.catalog.addResumable("part", context -> {
            String name = context.input().text();
            use(context, "writes", name);
            context.say(name + " ");
            if (name.startsWith("slow")) {
                gate();
                context.say(name + " again ");
            }
            return AgentResult.of(new Text(name));
        });
        List<String> results = new ArrayList<>();
        RunId run = crashAtGates(2, 2, context -> {
            List<Delegation<Text>> work = new ArrayList<>();
            for (String name : List.of("quick1", "slow1", "quick2", "slow2")) {
                work.add(Delegation.to("part", Text.class).withText(name));
            }
            results.clear();
            context.delegateAll(work).forEach(outcome -> results.add(outcome.toString()));
            return AgentResult.done();
        });
        List<String> story = finish(run);
        assertEquals(
                List.of("quick1", "quick2", "slow1", "slow2"), done.stream().sorted().toList());
        assertEquals(4, results.size());
        assertTrue(results.get(1).contains("slow1") && results.get(2).contains("quick2"), results::toString);
        assertEquals(6, story.stream().filter("delegates part"::equals).count());
        assertEquals(2, story.stream().filter("sub-agent interrupted"::equals).count());
        assertEquals(
                List.of("quick1 ", "quick2 ", "slow1 ", "slow1 again ", "slow2 ", "slow2 again "),
                story.stream().filter(word -> word.startsWith("says")).map(word -> word.substring(5)).sorted()
                        .toList());
    }

    @Test
    void whatAParallelSubAgentAsksIsAskedAgainWhenItIsInterrupted() {
        restarts.catalog.addResumable("asks", context -> AgentResult.of(
                new Text("" + context.ask(new Question.Approval("May I?")))));
        restarts.catalog.addResumable("works", context -> {
            // Else the crash might come before there was a question.
            Await.until("it was asked", () -> restarts.story("ada", context.run()).contains("question"));
            gate();
            return AgentResult.of(new Text("worked"));
        });
        List<String> results = new ArrayList<>();
        RunId run = crashAtGate(context -> {
            results.clear();
            context.delegateAll(List.of(Delegation.to("asks", Text.class), Delegation.to("works", Text.class)))
                    .forEach(outcome -> results.add(outcome.toString()));
            return AgentResult.done();
        });
        TestUser ada = restarts.user("ada");
        Await.until("it is asked again", () -> restarts.story("ada", run).stream().filter("question"::equals)
                .count() == 2);
        Await.value(ada.answer(run, ada.awaitQuestion(run).id(), new Content.Approval(true)));
        finish(run);
        assertTrue(results.getFirst().contains("true"), results::toString);
    }

    @Test
    void theResultOfARunIsThatOfItsAgentAlsoAfterAnInterruption() {
        RunId run = crashAtGate(context -> {
            gate();
            return AgentResult.of(new Text("found"));
        });
        finish(run);
        assertTrue(restarts.log("ada").getLast().json().contains("\"result\":{\"text\":\"found\"}"));
    }

    @Test
    void whatIsRecordedIsForgottenWhenTheRunHasEnded() {
        RunId run = crashAtGate(context -> {
            use(context, "reads", "a");
            gate();
            return AgentResult.done();
        });
        finish(run);
        restarts.flush("ada");
        assertEquals(List.of(), restarts.disk.script(Premises.id("ada"), run));
    }

    @Test
    void ofAnAgentThatCannotBeResumedNothingIsRecorded() {
        restarts.catalog.add("forgets", context -> {
            context.say("hello");
            use(context, "writes", "a");
            context.now();
            gate();
            return AgentResult.done();
        });
        RunId run = restarts.user("ada").start("t", "forgets", "");
        Await.until("the agent waits", () -> waiting.get() == 1);
        restarts.flush("ada");
        assertEquals(List.of(), restarts.disk.script(Premises.id("ada"), run));
        restarts.user("ada").cancel(run);
    }
}
