package io.insula.plugin.host;

import io.insula.agent.AgentContext;
import java.lang.reflect.Proxy;

/** Contexts for agents that need none. */
final class Contexts {
    private Contexts() {}

    static AgentContext none() {
        return (AgentContext) Proxy.newProxyInstance(AgentContext.class.getClassLoader(),
                new Class<?>[]{AgentContext.class}, (proxy, method, arguments) -> {
                    throw new AssertionError("this agent needs no " + method.getName());
                });
    }
}
