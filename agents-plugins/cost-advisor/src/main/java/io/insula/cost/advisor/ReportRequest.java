package io.insula.cost.advisor;

import java.util.List;
import java.util.Optional;

/**
 * What the other parts found, for the report.
 *
 * @param question what the user asked
 * @param triage whether the data suffices, if that was found
 * @param statistics the figures, if there are
 * @param savings the options, if there are
 * @param plan the plan, if there is one
 * @param failures the parts that failed
 */
record ReportRequest(
        String question,
        Optional<Triage> triage,
        Optional<UsageStatistics> statistics,
        Optional<Savings> savings,
        Optional<ActionPlan> plan,
        List<StepFailure> failures) {
    ReportRequest {
        failures = List.copyOf(failures);
    }
}
