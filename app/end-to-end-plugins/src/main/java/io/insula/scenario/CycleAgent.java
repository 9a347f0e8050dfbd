package io.insula.scenario;

import io.insula.agent.Agent;
import io.insula.agent.AgentContext;
import io.insula.agent.AgentInfo;
import io.insula.agent.AgentResult;
import io.insula.agent.Delegation;
import io.insula.agent.Outcome;
import org.pf4j.Extension;

/** Gives its work to itself, which must be refused. */
@Extension
@AgentInfo(name = "cycle", summary = "Gives its work to itself")
public final class CycleAgent implements Agent {
    @Override
    public AgentResult run(AgentContext context) {
        switch (context.delegate(Delegation.to("cycle"))) {
            case Outcome.Completed(var result) -> context.say("went round: " + result);
            case Outcome.Failed(var code, var message) -> context.say("refused: " + code);
        }
        return AgentResult.done();
    }
}
