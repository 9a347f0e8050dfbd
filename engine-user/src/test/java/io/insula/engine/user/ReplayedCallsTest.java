package io.insula.engine.user;

import static io.insula.engine.user.ReplayStage.use;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.insula.agent.AgentResult;
import io.insula.agent.Question;
import io.insula.agent.RunId;
import io.insula.agent.ToolCallException;
import io.insula.engine.api.AnswerRequest.Content;
import io.insula.engine.user.ReplayStage.Text;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What an agent that is played again gets from its tools, its store, its clock and its user. */
final class ReplayedCallsTest {
    @RegisterExtension
    final Restarts restarts = new Restarts();

    private final ReplayStage stage = new ReplayStage(restarts);

    @Test
    void toolsGiveWhatTheyGaveAndAreNotCalledAgain() {
        List<String> given = new ArrayList<>();
        RunId run = stage.crashAtGate(context -> {
            given.clear();
            given.add(use(context, "reads", "a"));
            given.add(context.call(ReplayStage.toolType(), new Text("b")).text());
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
            stage.gate();
            return AgentResult.done();
        });
        List<String> story = stage.finish(run);
        assertEquals(List.of("a", "b", "fails"), stage.calls());
        assertEquals(List.of("{\"text\":\"did a\"}", "did b", "test-plugin.no-luck", "tool-unknown"), given);
        assertEquals(4, story.stream().filter(word -> word.startsWith("calls")).count());
    }

    private List<String> interruptIn(String tool) {
        List<String> given = new ArrayList<>();
        RunId run = stage.crashAtGate(context -> {
            given.clear();
            try {
                given.add(use(context, tool, "waits"));
            } catch (ToolCallException failure) {
                given.add(failure.code());
            }
            context.say("on we go");
            return AgentResult.done();
        });
        List<String> story = stage.finish(run);
        given.add("calls: " + stage.calls().size());
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
        RunId run = stage.crashWhereItStays(2, context -> {
            attempt.incrementAndGet();
            try {
                use(context, "writes", "waits");
            } catch (ToolCallException failure) {
                told.add(attempt + " " + failure.code());
            }
            if (attempt.get() == 2) {
                stage.stay();
            }
            return AgentResult.done();
        });
        stage.finish(run);
        assertEquals(List.of("2 interrupted", "3 interrupted"), told);
        assertEquals(1, stage.calls().size());
    }

    @Test
    void timeAndStoreSayWhatTheySaid() {
        List<String> first = new ArrayList<>();
        List<String> second = new ArrayList<>();
        RunId run = stage.crashAtGate(context -> {
            List<String> seen = stage.isOpen() ? second : first;
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
            stage.gate();
            return AgentResult.done();
        });
        stage.finish(run);
        assertEquals(first, second);
        assertEquals(List.of("none", "value", "[name, other: 1]", "[other: 1]"), second.subList(2, 6));
        assertEquals(List.of("other: 1"), restarts.disk.textNames(Premises.id("ada"), FakeCatalog.PLUGIN));
    }

    @Test
    void aStoreThatIsWrittenAfterwardsIsReadAsItWasBefore() {
        List<String> seen = new ArrayList<>();
        RunId run = stage.crashAtGate(context -> {
            seen.add(context.store().get("counter").orElse("0"));
            context.store().put("counter", "1");
            stage.gate();
            return AgentResult.done();
        });
        stage.finish(run);
        assertEquals(List.of("0", "0"), seen);
    }

    @Test
    void answersAreGivenAgain() {
        List<String> answers = new ArrayList<>();
        restarts.catalog.addResumable("agent", context -> {
            answers.add("" + context.ask(new Question.Approval("May I?")));
            answers.add(context.ask(new Question.Choice("Which?", List.of("left", "right"))));
            answers.add(context.ask(new Question.Text("Why?")));
            stage.gate();
            return AgentResult.done();
        });
        RunId run = restarts.user("ada").start("t", "agent", "");
        TestUser ada = restarts.user("ada");
        Await.value(ada.answer(run, ada.awaitQuestion(run).id(), new Content.Approval(true)));
        Await.value(ada.answer(run, ada.awaitQuestion(run).id(), new Content.Words("left")));
        Await.value(ada.answer(run, ada.awaitQuestion(run).id(), new Content.Words("because\nof that")));
        stage.awaitWaiting(1);
        stage.crash();

        List<String> story = stage.finish(run);
        List<String> expected = List.of("true", "left", "because\nof that");
        assertEquals(expected, answers.subList(0, 3));
        assertEquals(expected, answers.subList(3, 6));
        assertEquals(3, story.stream().filter("question"::equals).count());
    }

    @Test
    void whatIsRecordedIsForgottenWhenTheRunHasEnded() {
        RunId run = stage.crashAtGate(context -> {
            use(context, "reads", "a");
            stage.gate();
            return AgentResult.done();
        });
        stage.finish(run);
        restarts.flush("ada");
        assertEquals(List.of(), restarts.disk.script(Premises.id("ada"), run));
    }

    @Test
    void ofAnAgentThatCannotBeResumedNothingIsRecorded() {
        restarts.catalog.add("forgets", context -> {
            context.say("hello");
            use(context, "writes", "a");
            context.now();
            stage.gate();
            return AgentResult.done();
        });
        RunId run = restarts.user("ada").start("t", "forgets", "");
        stage.awaitWaiting(1);
        restarts.flush("ada");
        assertEquals(List.of(), restarts.disk.script(Premises.id("ada"), run));
        restarts.user("ada").cancel(run);
    }
}
