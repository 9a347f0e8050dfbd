package io.insula.scenario;

import io.insula.agent.Agent;
import io.insula.agent.AgentContext;
import io.insula.agent.AgentFailure;
import io.insula.agent.AgentInfo;
import io.insula.agent.AgentResult;
import org.pf4j.Extension;

/** A part of {@link ResumableStepsAgent}: says {@code marker} piece by piece and counts itself once. */
@Extension
@AgentInfo(name = "resumable-part", summary = "A part of a run that survives a crash", resumable = true)
public final class ResumablePartAgent implements Agent {
    private static final int PIECES = 5;

    /**
     * What was done.
     *
     * @param marker the part's own marker
     */
    public record Done(String marker) {}

    @Override
    public AgentResult run(AgentContext context) throws AgentFailure, InterruptedException {
        var parameters = Parameters.of(context.input().text());
        String marker = parameters.text("marker", "part");
        context.think("part " + marker);
        ResumableStepsAgent.count(context, marker);
        ResumableStepsAgent.write(context, marker, PIECES, parameters.number("pause", 0));
        return AgentResult.of(new Done(marker));
    }
}
