package io.insula.scenario;

import io.insula.agent.Agent;
import io.insula.agent.AgentContext;
import io.insula.agent.AgentInfo;
import io.insula.agent.AgentResult;
import org.pf4j.Extension;

/** Says that it waits, and waits until it is stopped. */
@Extension
@AgentInfo(name = "wait-for-stop", summary = "Waits until it is stopped")
public final class WaitForStopAgent implements Agent {
    @Override
    public AgentResult run(AgentContext context) throws InterruptedException {
        context.say("waiting");
        Waiting.untilInterrupted();
        return AgentResult.done();
    }
}
