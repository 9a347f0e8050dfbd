package io.insula.cost.advisor;

import java.math.BigDecimal;
import java.util.Optional;

/**
 * One step of the plan.
 *
 * @param order its place, from 1
 * @param title what it is
 * @param work what to do
 * @param proof how to see that it worked and hurt nobody
 * @param saving US dollars over the time of the log, if the data gives a figure
 */
record PlannedAction(int order, String title, String work, String proof, Optional<BigDecimal> saving) {}
