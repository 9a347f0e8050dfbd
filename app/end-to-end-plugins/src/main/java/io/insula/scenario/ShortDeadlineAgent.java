package io.insula.scenario;

import io.insula.agent.Agent;
import io.insula.agent.AgentContext;
import io.insula.agent.AgentInfo;
import io.insula.agent.AgentResult;
import org.pf4j.Extension;

/** Has one second, and needs more. */
@Extension
@AgentInfo(name = "short-deadline", summary = "Has one second, and needs more", deadline = "PT1S")
public final class ShortDeadlineAgent implements Agent {
    @Override
    public AgentResult run(AgentContext context) throws InterruptedException {
        var message = context.message();
        message.write("beginning what will not end");
        Waiting.untilInterrupted();
        message.close();
        return AgentResult.done();
    }
}
