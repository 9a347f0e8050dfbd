package io.insula.scenario;

import io.insula.agent.Agent;
import io.insula.agent.AgentContext;
import io.insula.agent.AgentFailure;
import io.insula.agent.AgentInfo;
import io.insula.agent.AgentResult;
import org.pf4j.Extension;

/** Throws as a sub-agent, something that must reach nobody. */
@Extension
@AgentInfo(name = "fail-below", summary = "Throws as a sub-agent")
public final class FailBelowAgent implements Agent {
    @Override
    public AgentResult run(AgentContext context) throws AgentFailure {
        throw new IllegalArgumentException(Secrets.text(Parameters.of(context.input().text()).text("secret", "none")));
    }
}
