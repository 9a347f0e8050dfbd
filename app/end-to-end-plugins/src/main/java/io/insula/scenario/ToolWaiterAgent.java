package io.insula.scenario;

import io.insula.agent.Agent;
import io.insula.agent.AgentContext;
import io.insula.agent.AgentInfo;
import io.insula.agent.AgentResult;
import org.pf4j.Extension;

/** Waits inside a tool, inside a step. */
@Extension
@AgentInfo(name = "tool-waiter", summary = "Waits inside a tool")
public final class ToolWaiterAgent implements Agent {
    @Override
    public AgentResult run(AgentContext context) throws Exception {
        context.step("waiting", () -> context.call(WaitTool.class, new WaitTool.Input()));
        return AgentResult.done();
    }
}
