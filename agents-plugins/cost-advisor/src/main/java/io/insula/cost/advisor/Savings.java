package io.insula.cost.advisor;

import java.math.BigDecimal;
import java.util.List;

/**
 * The options to save, largest saving first, then break-evens, then those that the data cannot support.
 *
 * @param log name of the file
 * @param cost what the log's priced requests cost in US dollars
 * @param options one for each {@link SavingKind}
 */
record Savings(String log, BigDecimal cost, List<SavingOption> options) {
    Savings {
        options = List.copyOf(options);
    }
}
