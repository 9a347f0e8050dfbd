package io.insula.engine.user;

import static io.insula.engine.user.ReplayStage.use;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.insula.agent.AgentResult;
import io.insula.agent.Delegation;
import io.insula.agent.Outcome;
import io.insula.agent.Question;
import io.insula.agent.RunId;
import io.insula.engine.api.AnswerRequest.Content;
import io.insula.engine.user.ReplayStage.Text;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What sub-agents of an agent that is played again do, and give. */
final class ReplayedDelegationTest {
    @RegisterExtension
    final Restarts restarts = new Restarts();

    private final ReplayStage stage = new ReplayStage(restarts);

    @Test
    void aSubAgentThatEndedGivesItsResultAgain() {
        List<String> inputs = new ArrayList<>();
        restarts.catalog.add("part", context -> {
            inputs.add(context.input().text());
            context.say("part " + context.input().text());
            return AgentResult.of(new Text("of " + context.input().text()));
        });
        List<String> results = new ArrayList<>();
        RunId run = stage.crashAtGate(context -> {
            results.add(context.delegate(Delegation.to("part", Text.class).withText("a")).toString());
            results.add(context.delegate(Delegation.to("nobody")).toString());
            stage.gate();
            results.add(context.delegate(Delegation.to("part", Text.class).withText("b")).toString());
            return AgentResult.done();
        });
        List<String> story = stage.finish(run);
        assertEquals(List.of("a", "b"), inputs);
        assertEquals(results.subList(0, 2), results.subList(2, 4));
        assertEquals(3, story.stream().filter(word -> word.startsWith("delegates")).count());
    }

    @Test
    void aSubAgentThatWasInterruptedIsShownAgainAndPlayedFromItsOwnRecords() {
        restarts.catalog.addResumable("part", context -> {
            context.say("one ");
            use(context, "writes", "once");
            context.step("deep", () -> {
                stage.gate();
                context.say("two");
            });
            return AgentResult.of(new Text("result"));
        });
        List<String> results = new ArrayList<>();
        RunId run = stage.crashAtGate(context -> {
            results.add(context.delegate(Delegation.to("part", Text.class)).toString());
            return AgentResult.done();
        });
        List<String> story = stage.finish(run);
        assertEquals("one two", stage.said(run));
        assertEquals(List.of("once"), stage.calls());
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
            stage.gate();
            return AgentResult.done();
        });
        List<String> results = new ArrayList<>();
        RunId run = stage.crashAtGate(context -> {
            switch (context.delegate(Delegation.to("part"))) {
                case Outcome.Completed(var result) -> results.add("completed");
                case Outcome.Failed(var code, var message) -> results.add(code);
            }
            return AgentResult.done();
        });
        stage.finish(run);
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
                stage.gate();
                context.say(name + " again ");
            }
            return AgentResult.of(new Text(name));
        });
        List<String> results = new ArrayList<>();
        RunId run = stage.crashAtGates(2, 2, context -> {
            List<Delegation<Text>> work = new ArrayList<>();
            for (String name : List.of("quick1", "slow1", "quick2", "slow2")) {
                work.add(Delegation.to("part", Text.class).withText(name));
            }
            results.clear();
            context.delegateAll(work).forEach(outcome -> results.add(outcome.toString()));
            return AgentResult.done();
        });
        List<String> story = stage.finish(run);
        assertEquals(
                List.of("quick1", "quick2", "slow1", "slow2"), stage.calls().stream().sorted().toList());
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
            stage.gate();
            return AgentResult.of(new Text("worked"));
        });
        List<String> results = new ArrayList<>();
        RunId run = stage.crashAtGate(context -> {
            results.clear();
            context.delegateAll(List.of(Delegation.to("asks", Text.class), Delegation.to("works", Text.class)))
                    .forEach(outcome -> results.add(outcome.toString()));
            return AgentResult.done();
        });
        TestUser ada = restarts.user("ada");
        Await.until("it is asked again", () -> restarts.story("ada", run).stream().filter("question"::equals)
                .count() == 2);
        Await.value(ada.answer(run, ada.awaitQuestion(run).id(), new Content.Approval(true)));
        stage.finish(run);
        assertTrue(results.getFirst().contains("true"), results::toString);
    }
}
