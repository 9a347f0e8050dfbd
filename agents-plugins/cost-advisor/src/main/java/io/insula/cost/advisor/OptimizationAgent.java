package io.insula.cost.advisor;

import io.insula.agent.Agent;
import io.insula.agent.AgentContext;
import io.insula.agent.AgentFailure;
import io.insula.agent.AgentInfo;
import io.insula.agent.AgentResult;
import io.insula.agent.Delegation;
import java.util.Optional;
import org.pf4j.Extension;

/**
 * Quantifies the ways to save, or says why the data gives no figure.
 *
 * <p>Returns {@link Savings}. Called by a user it lets {@code data} measure the attached log first and says the options.
 * Fails with {@code log-missing} without figures and without a file.
 */
@Extension
@AgentInfo(name = "optimization", summary = "Quantifies the ways to spend less on language models, with formula and assumptions.", resumable = true)
public final class OptimizationAgent implements Agent {
    /** Made for one run. */
    public OptimizationAgent() {}

    @Override
    public AgentResult run(AgentContext context) throws AgentFailure {
        Optional<UsageStatistics> given = context.data(UsageStatistics.class);
        UsageStatistics statistics = given.isPresent() ? given.get() : measured(context);
        Savings savings = new SavingEstimates(statistics).estimate();
        long supported = savings.options().stream().filter(SavingOption::supported).count();
        context.think(supported + " of " + savings.options().size() + " options can be quantified with this data.");
        if (given.isEmpty()) {
            context.say(PricingSentence.of(statistics.pricing()) + "\n\n" + SavingSections.options(savings));
        }
        return AgentResult.of(savings);
    }

    private static UsageStatistics measured(AgentContext context) throws AgentFailure {
        return context.delegate(Delegation.to("data", UsageStatistics.class).withData(DataAgent.Request.of(context)))
                .orFail();
    }
}
