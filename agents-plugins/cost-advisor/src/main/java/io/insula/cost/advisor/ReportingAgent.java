package io.insula.cost.advisor;

import io.insula.agent.Agent;
import io.insula.agent.AgentContext;
import io.insula.agent.AgentFailure;
import io.insula.agent.AgentInfo;
import io.insula.agent.AgentResult;
import io.insula.agent.MessageWriter;
import java.util.Optional;
import org.pf4j.Extension;

/**
 * Writes the report from what the other parts found, also when some of them failed.
 *
 * <p>Returns nothing; the report is the message. Called by a user it says who to ask, since it finds nothing itself.
 */
@Extension
@AgentInfo(name = "reporting", summary = "Writes the cost advisor's report from what its other parts found.", resumable = true)
public final class ReportingAgent implements Agent {
    /** Made for one run. */
    public ReportingAgent() {}

    @Override
    public AgentResult run(AgentContext context) throws AgentFailure {
        Optional<ReportRequest> request = context.data(ReportRequest.class);
        if (request.isEmpty()) {
            context.say(
                    "I write the report from what `triage`, `data`, `optimization` and `actions` found, and find nothing"
                            + " myself. Ask `cost-advisor` and attach your usage log.");
            return AgentResult.done();
        }
        try (MessageWriter message = context.message()) {
            boolean first = true;
            for (String section : new CostReport(request.get()).sections()) {
                message.write(first ? section : "\n" + section);
                first = false;
            }
        }
        return AgentResult.done();
    }
}
