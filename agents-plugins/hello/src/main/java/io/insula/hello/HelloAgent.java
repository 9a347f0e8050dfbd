package io.insula.hello;

import io.insula.agent.Agent;
import io.insula.agent.AgentContext;
import io.insula.agent.AgentInfo;
import io.insula.agent.AgentResult;
import org.pf4j.Extension;

/** Greets whoever is named in the input; without a name, the world. */
@Extension
@AgentInfo(name = "hello", summary = "Greets whoever you name")
public final class HelloAgent implements Agent {
    @Override
    public AgentResult run(AgentContext context) {
        var name = context.input().text().strip();
        context.say("Hello, " + (name.isEmpty() ? "world" : name) + "!");
        return AgentResult.done();
    }
}
