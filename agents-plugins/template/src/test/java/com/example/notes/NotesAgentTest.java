package com.example.notes;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.insula.agent.AgentContext;
import io.insula.agent.AgentInput;
import io.insula.agent.AgentResult;
import io.insula.agent.Question;
import io.insula.agent.UserStore;
import io.insula.agent.rules.PluginAssertions;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class NotesAgentTest {
    private final List<String> said = new ArrayList<>();
    private final List<String> asked = new ArrayList<>();
    private final TreeMap<String, String> kept = new TreeMap<>();
    private boolean agrees = true;

    @Test
    void keepsTheRulesOfThePlatform() {
        PluginAssertions.assertKeepsRules(Path.of("target/classes"));
    }

    @Test
    void keepsANoteThatTheUserAgreesTo() throws Exception {
        var result = run("  buy milk ");

        assertEquals(List.of("Shall I keep this note of 2 words?"), asked);
        assertEquals(List.of("Kept."), said);
        assertEquals(List.of("buy milk"), List.copyOf(kept.values()));
        assertEquals(new CountWordsTool.Count(2), result.data());
    }

    @Test
    void forgetsANoteThatTheUserDoesNotAgreeTo() throws Exception {
        agrees = false;
        run("buy milk");

        assertEquals(List.of("Then I forget it."), said);
        assertEquals(List.of(), List.copyOf(kept.values()));
    }

    @Test
    void tellsWhatIsKept() throws Exception {
        run("");
        run("one");
        run("two");
        run(" ");

        assertEquals(List.of("There are no notes yet.", "Kept.", "Kept.", "- one", "- two"), said);
    }

    private AgentResult run(String text) throws Exception {
        return new NotesAgent().run(contextOf(text));
    }

    /** What the agent needs of a context; anything else it asks for fails the test. */
    private AgentContext contextOf(String text) {
        InvocationHandler calls = (proxy, method, arguments) -> switch (method.getName()) {
            case "input" -> new AgentInput(text, List.of());
            case "say" -> {
                said.add((String) arguments[0]);
                yield null;
            }
            case "ask" -> {
                asked.add(((Question<?>) arguments[0]).text());
                yield agrees;
            }
            case "call" -> new CountWordsTool().call((CountWordsTool.Words) arguments[1], (AgentContext) proxy);
            case "store" -> new Store();
            default -> throw new AssertionError("not expected: " + method.getName());
        };
        return (AgentContext) Proxy.newProxyInstance(AgentContext.class.getClassLoader(),
                new Class<?>[]{AgentContext.class}, calls);
    }

    private final class Store implements UserStore {
        @Override
        public Optional<String> get(String name) {
            return Optional.ofNullable(kept.get(name));
        }

        @Override
        public void put(String name, String text) {
            kept.put(name, text);
        }

        @Override
        public void remove(String name) {
            kept.remove(name);
        }

        @Override
        public List<String> names() {
            return List.copyOf(kept.keySet());
        }
    }
}
