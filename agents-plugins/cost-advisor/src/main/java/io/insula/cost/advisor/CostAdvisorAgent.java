package io.insula.cost.advisor;

import io.insula.agent.Agent;
import io.insula.agent.AgentContext;
import io.insula.agent.AgentFailure;
import io.insula.agent.AgentInfo;
import io.insula.agent.AgentResult;
import io.insula.agent.Delegation;
import io.insula.agent.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.pf4j.Extension;

/**
 * Answers where the money for language models goes and what to change, from a usage log that the user attaches.
 *
 * <p>It lets {@code triage}, {@code data}, {@code optimization}, {@code actions} and {@code reporting} work in this order
 * and hands each what the ones before it found. {@code reporting} always works; a run without figures ends as failed
 * after its report.
 */
@Extension
@AgentInfo(name = "cost-advisor", summary = "Says where the money for language models goes and what to change, from a usage log you attach.", resumable = true)
public final class CostAdvisorAgent implements Agent {
    private final List<StepFailure> failures = new ArrayList<>();

    /** Made for one run. */
    public CostAdvisorAgent() {}

    @Override
    public AgentResult run(AgentContext context) throws AgentFailure {
        String question = context.input().text();
        Optional<Triage> triage = ask(context, Delegation.to("triage", Triage.class)
                .withText(question)
                .withAttachments(context.input().attachments())
                .withData(new TriageAgent.Request(question)));
        Optional<UsageStatistics> statistics =
                triage.flatMap(found -> ask(context, Delegation.to("data", UsageStatistics.class)
                        .withData(new DataAgent.Request(found.log(), found.prices(), question))));
        Optional<Savings> savings = statistics.flatMap(
                found -> ask(context, Delegation.to("optimization", Savings.class).withData(found)));
        Optional<ActionPlan> plan =
                savings.flatMap(found -> ask(context, Delegation.to("actions", ActionPlan.class).withData(found)));
        var request = new ReportRequest(question, triage, statistics, savings, plan, failures);
        // Without a report the user would have nothing, so its failure is the run's.
        context.delegate(Delegation.to("reporting").withText(question).withData(request)).orFail();
        if (statistics.isEmpty()) {
            StepFailure failure = failures.getFirst();
            throw new AgentFailure(failure.code(), failure.message());
        }
        return AgentResult.done();
    }

    private <R extends Record> Optional<R> ask(AgentContext context, Delegation<R> work) {
        return switch (context.delegate(work)) {
            case Outcome.Completed<R>(R result) -> Optional.of(result);
            case Outcome.Failed<R>(String code, String message) -> {
                failures.add(new StepFailure(work.agent(), code, message));
                yield Optional.empty();
            }
        };
    }
}
