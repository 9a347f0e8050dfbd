package io.insula.scenario;

import io.insula.agent.Agent;
import io.insula.agent.AgentContext;
import io.insula.agent.AgentFailure;
import io.insula.agent.AgentInfo;
import io.insula.agent.AgentResult;
import org.pf4j.Extension;

/** Computes for {@code seconds} without a pause, and does not listen to a stop. */
@Extension
@AgentInfo(name = "busy-loop", summary = "Computes without a pause and does not listen to a stop")
public final class BusyLoopAgent implements Agent {
    @Override
    public AgentResult run(AgentContext context) throws AgentFailure {
        int seconds = Parameters.of(context.input().text()).number("seconds", 20);
        context.say("busy");
        long rounds = Waiting.busily(seconds);
        context.say("went round " + rounds + " times");
        return AgentResult.done();
    }
}
