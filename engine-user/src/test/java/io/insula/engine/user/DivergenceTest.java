package io.insula.engine.user;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.insula.agent.Agent;
import io.insula.agent.AgentContext;
import io.insula.agent.AgentResult;
import io.insula.agent.Delegation;
import io.insula.agent.Effect;
import io.insula.agent.MessageWriter;
import io.insula.agent.Question;
import io.insula.agent.RunId;
import io.insula.agent.Tool;
import io.insula.agent.ToolContext;
import io.insula.engine.api.AnswerRequest.Content;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** An agent that does not do the same again when its run is resumed. */
final class DivergenceTest {
    @RegisterExtension
    final Restarts restarts = new Restarts();

    private final AtomicBoolean again = new AtomicBoolean();
    private final CountDownLatch reached = new CountDownLatch(1);

    record Text(String text) {}

    static final class Echo implements Tool<Text, Text> {
        @Override
        public Text call(Text input, ToolContext context) {
            return input;
        }
    }

    DivergenceTest() {
        restarts.catalog
                .addTool("echo", Effect.READS, Echo.class, Text.class, Text.class, new Echo())
                .addTool("other", Effect.READS, Echo.class, Text.class, Text.class, new Echo())
                .addResumable("part", context -> AgentResult.done())
                .addResumable("other-part", context -> AgentResult.done());
    }

    /** What an agent does with its context. */
    @FunctionalInterface
    interface Deed {
        void with(AgentContext context) throws Exception;
    }

    private RunId resume(Deed first, Deed second) {
        Agent agent = context -> {
            if (again.get()) {
                second.with(context);
                return AgentResult.done();
            }
            first.with(context);
            reached.countDown();
            new CountDownLatch(1).await();
            return AgentResult.done();
        };
        restarts.catalog.addResumable("agent", agent);
        RunId run = restarts.user("ada").start("t", "agent", "");
        Await.until("it has come to its gate", () -> {
            restarts.user("ada").view(run).questions().forEach(question -> Await.value(
                    restarts.user("ada").answer(run, question.id(), new Content.Approval(true))));
            return reached.getCount() == 0;
        });
        restarts.flush("ada");
        again.set(true);
        restarts.crashAndRestart();
        return run;
    }

    private static String echo(String text) {
        return "{\"text\":\"" + text + "\"}";
    }

    private static void write(AgentContext context, String text) {
        // Left open on purpose.
        MessageWriter message = context.message();
        message.write(text);
    }

    private static Arguments pair(String what, Deed first, Deed second) {
        return Arguments.of(what, first, second);
    }

    static List<Arguments> differences() {
        return List.of(
                pair("another kind", context -> context.say("a"), context -> context.think("a")),
                pair("another text", context -> context.say("a"), context -> context.say("b")),
                pair("less text", context -> context.say("abc"), context -> context.say("ab")),
                pair("more text", context -> context.say("ab"), context -> context.say("abc")),
                pair("another text of an open message", context -> write(context, "abc"),
                        context -> write(context, "abd")),
                pair("less text of an open message", context -> write(context, "abc"),
                        context -> write(context, "ab")),
                pair("something else before the text of an open message", context -> write(context, "abc"),
                        context -> {
                            MessageWriter message = context.message();
                            context.say("first");
                            message.write("abc");
                        }),
                pair("another tool", context -> context.call("echo", echo("a")),
                        context -> context.call("other", echo("a"))),
                pair("other arguments", context -> context.call("echo", echo("a")),
                        context -> context.call("echo", echo("b"))),
                pair("another agent", context -> context.delegate(Delegation.to("part")),
                        context -> context.delegate(Delegation.to("other-part"))),
                pair("other words for an agent", context -> context.delegate(Delegation.to("part").withText("a")),
                        context -> context.delegate(Delegation.to("part").withText("b"))),
                pair("other data for an agent",
                        context -> context.delegate(Delegation.to("part").withData(new Text("a"))),
                        context -> context.delegate(Delegation.to("part").withData(new Text("b")))),
                pair("fewer agents at the same time",
                        context -> context.delegateAll(List.of(Delegation.to("part"), Delegation.to("part"))),
                        context -> context.delegateAll(List.of(Delegation.to("part")))),
                pair("another question", context -> context.ask(new Question.Approval("a?")),
                        context -> context.ask(new Question.Approval("b?"))),
                pair("another step", context -> context.step("a", () -> context.think("x")),
                        context -> context.step("b", () -> context.think("x"))),
                pair("another name in the store", context -> context.store().put("a", "x"),
                        context -> context.store().put("b", "x")),
                pair("another value in the store", context -> context.store().put("a", "x"),
                        context -> context.store().put("a", "y")),
                pair("another order", context -> {
                    context.now();
                    context.store().get("a");
                }, context -> {
                    context.store().get("a");
                    context.now();
                }),
                pair("nothing", context -> context.say("a"), context -> {}),
                pair("an end too early", context -> {
                    context.now();
                    context.now();
                }, AgentContext::now),
                pair("a failure instead", context -> context.say("a"), context -> {
                    throw new IllegalStateException("on purpose");
                }));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("differences")
    void aRunWhoseAgentDoesSomethingElseEndsAsDiverged(String what, Deed first, Deed second) {
        RunId run = resume(first, second);
        restarts.user("ada").expectCode(run, "diverged");
    }

    @Test
    void whatDivergesSaysWhere() {
        RunId run = resume(context -> {
            context.now();
            context.say("a");
        }, context -> {
            context.now();
            context.think("a secret");
        });
        restarts.user("ada").expectCode(run, "diverged");
        String end = restarts.log("ada").getLast().json();
        assertTrue(end.contains("number 2 was message and is now thought"), end);
        assertTrue(!end.contains("secret"), end);
    }

    @Test
    void anAgentThatSwallowsTheStopDivergesAllTheSame() {
        RunId run = resume(context -> context.say("a"), context -> {
            try {
                context.think("b");
            } catch (RuntimeException swallowed) {
                assertEquals("the run has ended", swallowed.getMessage());
            }
            context.say("a");
        });
        restarts.user("ada").expectCode(run, "diverged");
        assertEquals(List.of("", "a"), restarts.user("ada").texts("t"));
    }

    @Test
    void aSubAgentThatDoesSomethingElseEndsTheRun() {
        CountDownLatch inPart = new CountDownLatch(1);
        restarts.catalog.addResumable("changing", context -> {
            if (again.get()) {
                context.think("b");
                return AgentResult.done();
            }
            context.say("a");
            restarts.flush("ada");
            inPart.countDown();
            new CountDownLatch(1).await();
            return AgentResult.done();
        });
        restarts.catalog.addResumable("agent", context -> {
            context.delegate(Delegation.to("changing"));
            return AgentResult.done();
        });
        RunId run = restarts.user("ada").start("t", "agent", "");
        Await.open(inPart);
        again.set(true);
        restarts.crashAndRestart();
        restarts.user("ada").expectCode(run, "diverged");
    }

    @Test
    void whatIsNotPromisedToBeTheSameMayDiffer() {
        RunId run = resume(context -> {
            context.progress("a", 1, 3);
            context.progress("b", 2, 3);
            context.say("x");
        }, context -> {
            context.checkpoint();
            context.progress("a", 1, 3);
            context.progress("something in between", 1, 3);
            context.progress("b", 2, 3);
            context.say("x");
        });
        restarts.user("ada").awaitEnd(run);
        List<String> story = restarts.story("ada", run);
        assertEquals("finished", story.getLast(), story::toString);
        assertEquals(1, story.stream().filter("progress"::equals).count());
    }
}
