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
 * Turns the ways to save into an ordered plan.
 *
 * <p>Returns an {@link ActionPlan}. Called by a user it lets {@code data} and {@code optimization} work on the attached
 * log first and says the plan. Fails with {@code log-missing} without options and without a file.
 */
@Extension
@AgentInfo(name = "actions", summary = "Turns the ways to save on language models into an ordered plan.", resumable = true)
public final class ActionsAgent implements Agent {
    /** Made for one run. */
    public ActionsAgent() {}

    @Override
    public AgentResult run(AgentContext context) throws AgentFailure {
        Optional<Savings> given = context.data(Savings.class);
        ActionPlan plan = given.isPresent() ? new ActionPlanner(given.get()).plan() : fromFile(context);
        context.think("The plan has " + plan.actions().size() + " steps.");
        return AgentResult.of(plan);
    }

    private static ActionPlan fromFile(AgentContext context) throws AgentFailure {
        UsageStatistics statistics = context.delegate(
                Delegation.to("data", UsageStatistics.class).withData(DataAgent.Request.of(context)))
                .orFail();
        Savings savings =
                context.delegate(Delegation.to("optimization", Savings.class).withData(statistics)).orFail();
        ActionPlan plan = new ActionPlanner(savings).plan();
        context.say(PricingSentence.of(statistics.pricing()) + "\n\n" + SavingSections.plan(plan));
        return plan;
    }
}
