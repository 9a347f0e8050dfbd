package io.insula.scenario;

import io.insula.agent.Agent;
import io.insula.agent.AgentContext;
import io.insula.agent.AgentInfo;
import io.insula.agent.AgentResult;
import io.insula.agent.Delegation;
import java.util.List;
import org.pf4j.Extension;

/** Has two sub-agents ask at the same time, inside a step, with a message left open. */
@Extension
@AgentInfo(name = "asker-below", summary = "Has two sub-agents ask at the same time")
public final class AskerBelowAgent implements Agent {
    @Override
    public AgentResult run(AgentContext context) throws Exception {
        context.step("asking", () -> {
            try (var message = context.message()) {
                message.write("two ask, ");
                context.delegateAll(List.of(
                        Delegation.to("asker").withText("kind=text"), Delegation.to("asker").withText("kind=choice")));
                message.write("both were answered");
            }
        });
        return AgentResult.done();
    }
}
