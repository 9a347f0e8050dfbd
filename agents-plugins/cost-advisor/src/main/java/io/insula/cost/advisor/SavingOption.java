package io.insula.cost.advisor;

import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;

/**
 * One way to save, with a figure or with the reason why the data gives none.
 *
 * @param kind which way
 * @param formula how the figure is computed
 * @param assumptions what it assumes
 * @param saving US dollars saved over the time of the log, exact; empty for a break-even and where there is no figure
 * @param percent the saving in percent of the whole cost, two digits behind the point; empty as {@code saving} is
 * @param figure the figure in words; empty where there is none
 * @param unsupported why the data gives no figure; empty where it gives one
 */
record SavingOption(
        SavingKind kind,
        String formula,
        List<String> assumptions,
        Optional<BigDecimal> saving,
        Optional<BigDecimal> percent,
        String figure,
        String unsupported) {
    SavingOption {
        assumptions = List.copyOf(assumptions);
        if (figure.isEmpty() == unsupported.isEmpty() || (saving.isPresent() && figure.isEmpty())) {
            throw new IllegalArgumentException("an option has either a figure or a reason for having none");
        }
    }

    boolean supported() {
        return unsupported.isEmpty();
    }
}
