package io.insula.scenario;

import io.insula.agent.Agent;
import io.insula.agent.AgentContext;
import io.insula.agent.AgentFailure;
import io.insula.agent.AgentInfo;
import io.insula.agent.AgentResult;
import io.insula.agent.Delegation;
import io.insula.agent.Outcome;
import java.util.ArrayList;
import org.pf4j.Extension;

/** Gives work to {@code count} sub-agents at once, of which the one numbered {@code failing} fails. */
@Extension
@AgentInfo(name = "fan-out", summary = "Gives work to many sub-agents at once")
public final class FanOutAgent implements Agent {
    /**
     * What came back.
     *
     * @param completed how many returned what they were given
     * @param failed how many failed
     */
    public record Counted(int completed, int failed) {}

    @Override
    public AgentResult run(AgentContext context) throws AgentFailure {
        var parameters = Parameters.of(context.input().text());
        int count = parameters.number("count", 12);
        int failing = parameters.number("failing", 5);
        var work = new ArrayList<Delegation<EchoAgent.Echoed>>();
        for (int i = 0; i < count; i++) {
            String text = i == failing ? "how=runtime" : "marker=part" + i + " count=" + (i + 1);
            work.add(Delegation.to(i == failing ? "fail" : "echo", EchoAgent.Echoed.class).withText(text));
        }
        int completed = 0;
        int failed = 0;
        var outcomes = context.delegateAll(work);
        for (int i = 0; i < count; i++) {
            switch (outcomes.get(i)) {
                case Outcome.Completed(var echoed) -> completed += echoed.count() == i + 1 ? 1 : 0;
                case Outcome.Failed(var code, var message) -> failed += code.isEmpty() || message.isEmpty() ? 0 : 1;
            }
        }
        context.say(completed + " completed, " + failed + " failed");
        return AgentResult.of(new Counted(completed, failed));
    }
}
