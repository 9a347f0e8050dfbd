package io.insula.hello;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.insula.agent.AgentContext;
import io.insula.agent.AgentInput;
import io.insula.agent.AgentResult;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class HelloAgentTest {
    private final List<String> said = new ArrayList<>();

    @Test
    void greets_the_name_that_it_is_given() {
        var result = new HelloAgent().run(contextOf("Ada"));

        assertEquals(List.of("Hello, Ada!"), said);
        assertEquals(AgentResult.done(), result);
    }

    @Test
    void ignores_space_around_the_name() {
        new HelloAgent().run(contextOf("  Grace Hopper\n"));

        assertEquals(List.of("Hello, Grace Hopper!"), said);
    }

    @Test
    void greets_the_world_when_nobody_is_named() {
        new HelloAgent().run(contextOf(" "));

        assertEquals(List.of("Hello, world!"), said);
    }

    private AgentContext contextOf(String text) {
        InvocationHandler calls = (proxy, method, arguments) -> switch (method.getName()) {
            case "input" -> new AgentInput(text, List.of());
            case "say" -> {
                said.add((String) arguments[0]);
                yield null;
            }
            default -> throw new AssertionError("the greeting needs no " + method.getName());
        };
        return (AgentContext) Proxy.newProxyInstance(AgentContext.class.getClassLoader(),
                new Class<?>[]{AgentContext.class}, calls);
    }
}
