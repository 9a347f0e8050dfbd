package io.insula.cost.advisor;

import java.util.List;

/**
 * What to do, in order.
 *
 * @param log name of the file it rests on
 * @param actions the steps
 */
record ActionPlan(String log, List<PlannedAction> actions) {
    ActionPlan {
        actions = List.copyOf(actions);
    }
}
