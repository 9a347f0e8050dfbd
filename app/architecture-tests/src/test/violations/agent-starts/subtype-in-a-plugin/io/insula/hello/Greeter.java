package io.insula.hello;

import io.insula.agent.Agent;
import io.insula.agent.AgentContext;
import io.insula.agent.AgentResult;

final class Greeter implements Agent {
    @Override
    public AgentResult run(AgentContext context) {
        return AgentResult.done();
    }

    static AgentResult around(AgentContext context) {
        return new Greeter().run(context);
    }
}
