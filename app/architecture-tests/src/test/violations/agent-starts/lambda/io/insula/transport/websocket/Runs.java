package io.insula.transport.websocket;

import io.insula.agent.Agent;
import io.insula.agent.AgentContext;
import io.insula.agent.AgentResult;
import java.util.concurrent.Callable;

final class Runs {
    static Callable<AgentResult> later(Agent agent, AgentContext context) {
        return () -> agent.run(context);
    }
}
