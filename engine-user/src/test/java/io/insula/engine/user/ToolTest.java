package io.insula.engine.user;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.insula.agent.AgentFailure;
import io.insula.agent.AgentResult;
import io.insula.agent.Tool;
import io.insula.agent.ToolCallException;
import io.insula.agent.ToolContext;
import io.insula.engine.api.RunState;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

final class ToolTest {
    private static final int RESULT_BYTES = 1_000;

    @RegisterExtension
    final Premises premises = new Premises(TestLimits.run(1_000, 50_000, 1 << 20, RESULT_BYTES));

    private final TestUser ada = premises.user("ada");
    private final ConcurrentLinkedQueue<String> given = new ConcurrentLinkedQueue<>();

    record Text(String text) {}

    /** Reading it runs code of the plugin, which fails. */
    record Hostile(String text) {
        @Override
        public String text() {
            throw new StackOverflowError("secret text");
        }
    }

    /** Does what its input says. */
    static final class Obedient implements Tool<Text, Text> {
        @Override
        @SuppressWarnings("NullAway") // what tools must not do is what is tested
        public Text call(Text input, ToolContext context) throws Exception {
            return switch (input.text()) {
                case "fail" -> throw new AgentFailure("no-luck", "There was no luck.");
                case "throw" -> throw new IllegalStateException("secret text");
                case "overflow" -> throw new StackOverflowError("secret text");
                case "null" -> null;
                // {"text":"..."} has eleven characters around the text.
                case "largest" -> new Text("x".repeat(RESULT_BYTES - 11));
                case "too large" -> new Text("x".repeat(RESULT_BYTES - 10));
                default -> new Text("did " + input.text());
            };
        }
    }

    static final class Poisoned implements Tool<Text, Hostile> {
        @Override
        public Hostile call(Text input, ToolContext context) {
            return new Hostile("x");
        }
    }

    ToolTest() {
        premises.catalog
                .addTool("obey", Obedient.class, Text.class, Text.class, new Obedient())
                .addTool("poison", Poisoned.class, Text.class, Hostile.class, new Poisoned())
                .add("by-class", context -> {
                    try {
                        given.add(context.call(Obedient.class, new Text(context.input().text())).text());
                    } catch (ToolCallException failure) {
                        given.add(failure.code() + ": " + failure.getMessage());
                    }
                    return AgentResult.done();
                })
                .add("by-name", context -> {
                    try {
                        given.add(context.call("obey", context.input().text()));
                    } catch (ToolCallException failure) {
                        given.add(failure.code() + ": " + failure.getMessage());
                    }
                    return AgentResult.done();
                });
    }

    private String given(String agent, String input) {
        ada.expect(ada.run("t", agent, input), RunState.COMPLETED);
        assertEquals(1, given.size());
        return given.remove();
    }

    private List<String> eventTypes() {
        return premises.log(ada.id()).stream()
                .map(event -> Json.parse(event.json()).text("type"))
                .filter(type -> type.startsWith("TOOL_"))
                .toList();
    }

    @Test
    void aCallIsShownWithItsArgumentsAndItsResult() {
        assertEquals("did this", given("by-class", "this"));
        assertEquals(
                List.of("TOOL_CALL_START", "TOOL_CALL_ARGS", "TOOL_CALL_END", "TOOL_CALL_RESULT"), eventTypes());
        assertEquals("{\"text\":\"did that\"}", given("by-name", "{\"text\":\"that\"}"));
    }

    @Test
    void argumentsThatDoNotFitAreRefusedAndShown() {
        assertTrue(given("by-name", "{\"txet\":\"x\"}").startsWith("arguments-invalid: "));
        assertTrue(given("by-name", "no json").startsWith("arguments-invalid: "));
        assertEquals(2, eventTypes().stream().filter("TOOL_CALL_RESULT"::equals).count());
    }

    @Test
    void aToolThatIsNotThereIsRefusedAndShown() {
        premises.catalog.add("wrong-name", context -> {
            try {
                return AgentResult.of(new Text(context.call("none", "{}")));
            } catch (ToolCallException failure) {
                given.add(failure.code());
                return AgentResult.done();
            }
        });
        assertEquals("tool-unknown", given("wrong-name", ""));
        assertEquals(1, eventTypes().stream().filter("TOOL_CALL_RESULT"::equals).count());
    }

    @Test
    void theFailureOfAToolHasACodeAndNoTextOfItsException() {
        Map<String, String> expected = Map.of(
                "fail", FakeCatalog.PLUGIN + ".no-luck: There was no luck.",
                "throw", "tool-failed: The tool \"obey\" failed.",
                "overflow", "tool-failed: The tool \"obey\" failed.",
                "null", "tool-failed: The tool \"obey\" gave no usable result.");
        expected.forEach((input, outcome) -> assertEquals(outcome, given("by-class", input)));
        assertTrue(premises.log(ada.id()).stream().noneMatch(event -> event.json().contains("secret")));
    }

    @Test
    void aResultMayBeAsLargeAsItsLimitAndNoLarger() {
        assertEquals(RESULT_BYTES - 11, given("by-class", "largest").length());
        assertEquals("result-too-large: The result of the tool \"obey\" is too large.",
                given("by-class", "too large"));
    }

    @Test
    void aCallWhoseResultCannotBeReadIsSeenToEndBeforeTheAgentGoesOn() {
        premises.catalog.add("poisoned", context -> {
            try {
                context.call(Poisoned.class, new Text("x"));
            } catch (ToolCallException failure) {
                context.say("ended with " + failure.code());
            }
            return AgentResult.done();
        });
        ada.expect(ada.run("t", "poisoned", ""), RunState.COMPLETED);
        assertEquals("ended with tool-failed", ada.texts("t").getLast());
    }

    @Test
    void aFailureThatTheAgentDoesNotHandleEndsTheRunWithItsCode() {
        premises.catalog.add("careless", context -> {
            context.call(Obedient.class, new Text("throw"));
            return AgentResult.done();
        });
        ada.expectCode(ada.run("t", "careless", ""), "tool-failed");
    }
}
