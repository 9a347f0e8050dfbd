package io.insula.engine.user;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.insula.agent.AgentResult;
import io.insula.agent.MessageWriter;
import io.insula.agent.RunId;
import io.insula.engine.user.ReplayStage.Text;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What the user of a run that is played again is shown, and what not for a second time. */
final class ReplayedOutputTest {
    @RegisterExtension
    final Restarts restarts = new Restarts();

    private final ReplayStage stage = new ReplayStage(restarts);

    @Test
    void whatWasShownIsNotShownAgain() {
        RunId run = stage.crashAtGate(context -> {
            context.say("one");
            context.think("two");
            context.step("three", () -> context.progress("four", 1, 2));
            stage.gate();
            context.say("five");
            return AgentResult.done();
        });
        assertEquals(
                List.of(
                        "run.accepted", "message", "says one", "said", "thinks two", "step three", "progress",
                        "end of step three", "resumed", "message", "says five", "said", "finished"),
                stage.finish(run));
        assertEquals(List.of("", "one", "five"), restarts.user("ada").texts("t"));
    }

    @Test
    void ofAMessageThatWasOpenOnlyTheRestIsShownInAnother() {
        RunId run = stage.crashAtGate(context -> {
            try (MessageWriter message = context.message();
                    MessageWriter thought = context.thought()) {
                message.write("shown, ");
                thought.write("a thou");
                message.write("shown too");
                stage.gate();
                message.write(" and the rest");
                thought.write("ght");
            }
            return AgentResult.done();
        });
        List<String> story = stage.finish(run);
        assertEquals("shown, shown too and the rest", stage.said(run));
        assertEquals(List.of("", "shown, shown too", " and the rest"), restarts.user("ada").texts("t"));
        assertTrue(story.containsAll(List.of("thinks a thou", "thinks ght")), story::toString);
    }

    @Test
    void aMessageThatWasShownWholeAndNotEndedIsNotBegunAgain() {
        RunId run = stage.crashAtGate(context -> {
            try (MessageWriter message = context.message()) {
                message.write("everything");
                stage.gate();
            }
            context.say("more");
            return AgentResult.done();
        });
        assertEquals(
                List.of(
                        "run.accepted", "message", "says everything", "said", "resumed", "message", "says more",
                        "said", "finished"),
                stage.finish(run));
    }

    @Test
    void aMessageThatIsInterruptedAgainAndAgainIsShownOnce() {
        AtomicInteger attempt = new AtomicInteger();
        RunId run = stage.crashWhereItStays(3, context -> {
            int now = attempt.incrementAndGet();
            try (MessageWriter message = context.message()) {
                for (int i = 1; i <= 4; i++) {
                    message.write("part " + i + ", ");
                    if (i == now && now < 4) {
                        stage.stay();
                    }
                }
            }
            return AgentResult.done();
        });
        stage.finish(run);
        assertEquals("part 1, part 2, part 3, part 4, ", stage.said(run));
        assertEquals(5, restarts.user("ada").texts("t").size());
    }

    @Test
    void stepsThatWereOpenAreShownAgainAndThoseThatEndedAreNot() {
        RunId run = stage.crashAtGate(context -> {
            context.step("outer", () -> {
                context.step("done", () -> context.say("one"));
                context.step("inner", stage::gate);
            });
            return AgentResult.done();
        });
        assertEquals(
                List.of(
                        "run.accepted", "step outer", "step done", "message", "says one", "said", "end of step done",
                        "step inner", "end of step inner", "end of step outer", "resumed", "step outer", "step inner",
                        "end of step inner", "end of step outer", "finished"),
                stage.finish(run));
    }

    @Test
    void theResultOfARunIsThatOfItsAgentAlsoAfterAnInterruption() {
        RunId run = stage.crashAtGate(context -> {
            stage.gate();
            return AgentResult.of(new Text("found"));
        });
        stage.finish(run);
        assertTrue(restarts.log("ada").getLast().json().contains("\"result\":{\"text\":\"found\"}"));
    }
}
