package io.insula.cost.advisor;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Quantifies each option from the statistics of a log, or says why they cannot support it. */
final class SavingEstimates {
    private static final int ROUTES_SHOWN = 6;
    private static final int DOLLAR_DIGITS = 12;
    private static final long SHORTEST_SPAN_MINUTES = 30;
    private static final BigDecimal MINUTES_PER_HOUR = BigDecimal.valueOf(60);

    private final UsageStatistics statistics;
    private final BigDecimal cost;

    SavingEstimates(UsageStatistics statistics) {
        this.statistics = statistics;
        this.cost = statistics.totals().cost();
    }

    /** All options in order of their saving. */
    Savings estimate() {
        List<SavingOption> options =
                new ArrayList<>(List.of(routing(), batch(), outputs(), contexts(), caching(), reserved()));
        options.sort(Comparator.comparing(SavingOption::supported, Comparator.reverseOrder())
                .thenComparing(option -> option.saving().isEmpty())
                .thenComparing(option -> option.saving().orElse(BigDecimal.ZERO), Comparator.reverseOrder()));
        return new Savings(statistics.log(), cost, options);
    }

    private SavingOption routing() {
        var draft = new Draft(
                SavingKind.ROUTE_SHORT_REQUESTS,
                "sum over models of: cost of the short requests - cost of the same tokens at the next smaller model",
                List.of("short: at most " + Words.number(Assumptions.SHORT_INPUT_TOKENS) + " input and "
                        + Words.number(Assumptions.SHORT_OUTPUT_TOKENS) + " output tokens",
                        "every short request can move; if only a part passes your checks, the saving is that part of it",
                        "the smaller model uses as many tokens"));
        if (!statistics.shape().has(Field.MODEL)) {
            return draft
                    .unsupported("the log names no model, so it is not known which requests run on a model that has a"
                            + " smaller one. Log the model of each request");
        }
        BigDecimal saving = BigDecimal.ZERO;
        long requests = 0;
        List<String> routes = new ArrayList<>();
        for (ModelUsage usage : statistics.models()) {
            ModelUsage.Sums moved = usage.shortRequests();
            if (usage.smaller().isEmpty() || moved.pricedRequests() < moved.requests()) {
                continue;
            }
            Price smaller = usage.smaller().get();
            BigDecimal there = smaller.inputDollars(moved).add(smaller.outputDollars(moved));
            routes.add("\"" + Words.shown(usage.model()) + "\" to \"" + smaller.model() + "\"");
            requests += moved.requests();
            saving = saving.add(moved.cost().subtract(there).max(BigDecimal.ZERO));
        }
        if (routes.isEmpty() || !hasTokens()) {
            return draft.unsupported(hasTokens()
                    ? "the price table knows no smaller model for the models of this log"
                    : "it needs both input and output tokens");
        }
        return draft.saving(saving, Words.count(requests, "short request") + ", " + routes(routes));
    }

    private SavingOption batch() {
        var draft = new Draft(
                SavingKind.BATCH_WHAT_CAN_WAIT,
                Assumptions.BATCH_PERCENT + " % x sum over models of: cost x batch discount",
                List.of("the log does not say what can wait; the figure is for " + Assumptions.BATCH_PERCENT
                        + " % of the cost and grows in proportion",
                        "answers may take up to 24 hours"));
        BigDecimal discounts = BigDecimal.ZERO;
        for (ModelUsage usage : statistics.models()) {
            int percent = usage.price().map(Price::batchDiscountPercent).orElse(0);
            discounts = discounts.add(percentOf(usage.sums().cost(), percent));
        }
        if (discounts.signum() == 0) {
            return draft.unsupported("no batch discount is known for the models of this log");
        }
        BigDecimal saving = percentOf(discounts, Assumptions.BATCH_PERCENT);
        return draft.saving(saving,
                "each " + Assumptions.BATCH_PERCENT + " % of the cost that can wait saves this much");
    }

    private SavingOption outputs() {
        String percentile = "p" + Assumptions.OUTPUT_CAP_PERCENTILE;
        var draft = new Draft(
                SavingKind.CAP_OUTPUTS,
                "sum over models of: output tokens above the cap x output price",
                List.of("the cap is the " + percentile + " of all outputs",
                        "answers above the cap are cut there, not longer"
                                + " elsewhere",
                        "at list prices"));
        if (statistics.outputPerRequest().isEmpty()) {
            return draft.unsupported("the log has no output tokens");
        }
        BigDecimal saving = BigDecimal.ZERO;
        long tokens = 0;
        for (ModelUsage usage : statistics.models()) {
            if (usage.price().isPresent()) {
                tokens += usage.outputAboveCap();
                saving = saving.add(Price.dollars(usage.outputAboveCap(), usage.price().get().output()));
            }
        }
        if (noPrice()) {
            return draft.unsupported("no price is known for the models of this log");
        }
        return draft.saving(saving, "cap of " + Words.number(statistics.outputPerRequest().get().p95())
                + " output tokens; " + Words.number(tokens) + " tokens are above it");
    }

    private SavingOption contexts() {
        String percentile = "p" + Assumptions.INPUT_LIMIT_PERCENTILE;
        var draft = new Draft(
                SavingKind.TRIM_CONTEXTS,
                "sum over models of: input tokens above the limit x mean price of the model's input tokens",
                List.of("the limit is the " + percentile + " of all inputs",
                        "what is trimmed has the model's usual mix of cached and fresh tokens",
                        "answers stay as good and as long", "at list prices"));
        if (statistics.inputPerRequest().isEmpty()) {
            return draft.unsupported("the log has no input tokens");
        }
        if (noPrice()) {
            return draft.unsupported("no price is known for the models of this log");
        }
        BigDecimal saving = BigDecimal.ZERO;
        long tokens = 0;
        for (ModelUsage usage : statistics.models()) {
            if (usage.price().isPresent() && usage.sums().inputTokens() > 0) {
                tokens += usage.inputAboveLimit();
                saving = saving.add(usage.price().get().inputDollars(usage.sums())
                        .multiply(BigDecimal.valueOf(usage.inputAboveLimit()))
                        .divide(BigDecimal.valueOf(usage.sums().inputTokens()), DOLLAR_DIGITS, RoundingMode.HALF_UP));
            }
        }
        return draft.saving(saving, "limit of " + Words.number(statistics.inputPerRequest().get().p90())
                + " input tokens; " + Words.number(tokens) + " tokens are above it");
    }

    private SavingOption caching() {
        var draft = new Draft(
                SavingKind.CACHE_INPUTS,
                "sum over models of: " + Assumptions.CACHE_PERCENT
                        + " % of input tokens, at most the fresh ones x (input price - cached price)",
                List.of("the log does not say what repeats; the figure is for " + Assumptions.CACHE_PERCENT
                        + " % more of the input tokens and grows in proportion",
                        "writing to the cache costs nothing extra", "at list prices"));
        if (!statistics.shape().hasCached()) {
            return draft
                    .unsupported("the log has no cached tokens, so neither what is cached already nor what repeats is"
                            + " known. Log the cached tokens of each request");
        }
        BigDecimal saving = BigDecimal.ZERO;
        boolean cheaper = false;
        for (ModelUsage usage : statistics.models()) {
            if (usage.price().isEmpty()) {
                continue;
            }
            Price price = usage.price().get();
            ModelUsage.Sums sums = usage.sums();
            long fresh = sums.inputTokens() - sums.cacheReadTokens() - sums.cacheWriteTokens();
            BigDecimal discount = price.input().subtract(price.cachedInput());
            cheaper |= discount.signum() > 0;
            BigDecimal tenth = percentOf(BigDecimal.valueOf(sums.inputTokens()), Assumptions.CACHE_PERCENT);
            saving = saving.add(tenth.min(BigDecimal.valueOf(fresh)).multiply(discount).movePointLeft(6));
        }
        if (!cheaper) {
            return draft.unsupported("no cheaper price for cached tokens is known for the models of this log");
        }
        UsageStatistics.Totals totals = statistics.totals();
        return draft.saving(saving, Words.percent(totals.cacheReadTokens(), totals.inputTokens())
                + " of the input tokens come from a cache now; each further " + Assumptions.CACHE_PERCENT
                + " % saves this much");
    }

    private SavingOption reserved() {
        var draft = new Draft(
                SavingKind.RESERVE_THROUGHPUT,
                "break-even price per hour = cost / hours of the log; use = mean tokens per minute / tokens of the peak"
                        + " minute",
                List.of("the reserved capacity is sized for the minute with most tokens",
                        "the log is typical of the time you"
                                + " would reserve",
                        "after the other options the peak is lower: reserve last",
                        "requests that are not priced count as load and not as cost"));
        Optional<UsageStatistics.Load> found = statistics.load();
        if (found.isEmpty() || found.get().spanMinutes() < SHORTEST_SPAN_MINUTES) {
            return draft.unsupported(found.isEmpty()
                    ? "the log has no usable times, so no peak is known"
                    : "the log spans less than " + SHORTEST_SPAN_MINUTES + " minutes, too little for a peak");
        }
        UsageStatistics.Load load = found.get();
        UsageStatistics.LoadPoint peak = load.peakTokenMinute();
        long peakTokens = peak.inputTokens() + peak.outputTokens();
        if (cost.signum() == 0 || peakTokens == 0) {
            return draft.unsupported(cost.signum() == 0 ? "there is no cost to compare with" : "the log has no tokens");
        }
        BigDecimal span = BigDecimal.valueOf(load.spanMinutes());
        BigDecimal perHour = cost.multiply(MINUTES_PER_HOUR).divide(span, DOLLAR_DIGITS, RoundingMode.HALF_UP);
        BigDecimal tokens = BigDecimal.valueOf(statistics.totals().inputTokens() + statistics.totals().outputTokens());
        BigDecimal use = tokens.movePointRight(2)
                .divide(span.multiply(BigDecimal.valueOf(peakTokens)), 1, RoundingMode.HALF_UP);
        return draft.breakEven("capacity for " + Words.number(peakTokens) + " tokens a minute (the peak, "
                + Words.time(peak.start()) + ") pays only below " + Words.dollars(perHour)
                + " an hour; on average " + use + " % of it would be used");
    }

    private static String routes(List<String> routes) {
        String shown = String.join(", ", routes.subList(0, Math.min(routes.size(), ROUTES_SHOWN)));
        return routes.size() > ROUTES_SHOWN ? shown + " and " + (routes.size() - ROUTES_SHOWN) + " more" : shown;
    }

    private boolean hasTokens() {
        return statistics.inputPerRequest().isPresent() && statistics.outputPerRequest().isPresent();
    }

    private boolean noPrice() {
        return statistics.models().stream().noneMatch(usage -> usage.price().isPresent());
    }

    private static BigDecimal percentOf(BigDecimal whole, int percent) {
        return whole.multiply(BigDecimal.valueOf(percent)).movePointLeft(2);
    }

    /** What is known of an option before its figure. */
    private final class Draft {
        private final SavingKind kind;
        private final String formula;
        private final List<String> assumptions;

        private Draft(SavingKind kind, String formula, List<String> assumptions) {
            this.kind = kind;
            this.formula = formula;
            this.assumptions = assumptions;
        }

        private SavingOption unsupported(String reason) {
            return new SavingOption(kind, formula, assumptions, Optional.empty(), Optional.empty(), "", reason);
        }

        private SavingOption breakEven(String figure) {
            return new SavingOption(kind, formula, assumptions, Optional.empty(), Optional.empty(), figure, "");
        }

        private SavingOption saving(BigDecimal saving, String how) {
            if (cost.signum() == 0) {
                return unsupported("no request of this log has a cost");
            }
            BigDecimal percent = saving.movePointRight(2).divide(cost, 2, RoundingMode.HALF_UP);
            return new SavingOption(kind, formula, assumptions, Optional.of(saving), Optional.of(percent), how, "");
        }
    }
}
