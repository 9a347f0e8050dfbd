package io.insula.app;

import io.insula.agent.Agent;
import io.insula.agent.AgentContext;

final class Runs {
    static void start(Agent agent, AgentContext context) throws Exception {
        agent.run(context);
    }
}
