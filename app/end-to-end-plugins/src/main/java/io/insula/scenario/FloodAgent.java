package io.insula.scenario;

import io.insula.agent.Agent;
import io.insula.agent.AgentContext;
import io.insula.agent.AgentFailure;
import io.insula.agent.AgentInfo;
import io.insula.agent.AgentResult;
import org.pf4j.Extension;

/** Says so many short messages as fast as they are taken, none of which joins another. */
@Extension
@AgentInfo(name = "flood", summary = "Says many messages")
public final class FloodAgent implements Agent {
    @Override
    public AgentResult run(AgentContext context) throws AgentFailure {
        int count = Parameters.of(context.input().text()).number("count", 1);
        for (int i = 0; i < count; i++) {
            context.say("as much as it may say");
        }
        return AgentResult.done();
    }
}
