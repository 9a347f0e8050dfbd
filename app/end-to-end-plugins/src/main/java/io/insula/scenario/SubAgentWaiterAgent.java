package io.insula.scenario;

import io.insula.agent.Agent;
import io.insula.agent.AgentContext;
import io.insula.agent.AgentInfo;
import io.insula.agent.AgentResult;
import io.insula.agent.Delegation;
import org.pf4j.Extension;

/** Waits for a sub-agent that waits, with a message left open. */
@Extension
@AgentInfo(name = "sub-agent-waiter", summary = "Waits for a sub-agent that waits")
public final class SubAgentWaiterAgent implements Agent {
    @Override
    public AgentResult run(AgentContext context) {
        try (var message = context.message()) {
            message.write("my sub-agent waits");
            var outcome = context.delegate(Delegation.to("wait-for-stop"));
            message.write("and it has come back: " + outcome);
        }
        return AgentResult.done();
    }
}
