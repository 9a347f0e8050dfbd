package io.insula.app;

import io.insula.agent.Agent;
import io.insula.agent.AgentContext;
import io.insula.agent.AgentResult;
import java.util.concurrent.Callable;

final class Runs {
    static Callable<AgentResult> later(Agent agent, AgentContext context) {
        Step step = agent::run;
        return () -> step.run(context);
    }

    interface Step {
        AgentResult run(AgentContext context) throws Exception;
    }
}
