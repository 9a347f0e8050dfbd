package io.insula.cost.advisor;

import java.math.BigDecimal;
import java.util.Optional;

/** The sections of the report that say what is. */
final class UsageSections {
    private final UsageStatistics statistics;

    UsageSections(UsageStatistics statistics) {
        this.statistics = statistics;
    }

    /** One paragraph with the totals. */
    String summary() {
        UsageStatistics.Totals totals = statistics.totals();
        var summary = new StringBuilder("**" + Words.count(totals.requests(), "request"));
        if (totals.pricedRequests() > 0) {
            summary.append(totals.pricedRequests() < totals.requests()
                    ? ", of which " + Words.number(totals.pricedRequests()) + " priced, cost "
                    : ", cost ");
            summary.append(Words.dollars(totals.cost()));
        }
        summary.append("**: ").append(Words.number(totals.inputTokens())).append(" input tokens");
        if (totals.cacheReadTokens() > 0) {
            summary.append(" (").append(Words.number(totals.cacheReadTokens())).append(" of them cached)");
        }
        summary.append(" and ").append(Words.number(totals.outputTokens())).append(" output tokens");
        statistics.load().ifPresent(load -> summary.append(", from ").append(Words.time(load.first())).append(" to ")
                .append(Words.time(load.last())));
        return summary.append(".\n").toString();
    }

    /** Cost by kind of token, model and user, and how concentrated it is. */
    String spend() {
        var section = new StringBuilder("## Where the spend goes\n\n");
        section.append(byKind()).append(byModel()).append(byUser());
        statistics.concentration()
                .ifPresent(found -> section.append("The dearest 1 % of the priced requests, rounded up (")
                        .append(Words.number(found.onePercentRequests())).append(") make ")
                        .append(found.onePercentShare())
                        .append(" % of the cost, the dearest 10 % (").append(Words.number(found.tenPercentRequests()))
                        .append(") make ").append(found.tenPercentShare()).append(" %.\n\n"));
        return section.append(perRequest()).toString();
    }

    private String byKind() {
        BigDecimal input = BigDecimal.ZERO;
        BigDecimal output = BigDecimal.ZERO;
        long inputTokens = 0;
        long outputTokens = 0;
        for (ModelUsage usage : statistics.models()) {
            if (usage.price().isPresent() && usage.loggedRequests() == 0) {
                inputTokens += usage.sums().inputTokens();
                outputTokens += usage.sums().outputTokens();
                input = input.add(usage.price().get().inputDollars(usage.sums()));
                output = output.add(usage.price().get().outputDollars(usage.sums()));
            }
        }
        BigDecimal both = input.add(output);
        if (both.signum() == 0) {
            return "";
        }
        var table = new Markdown.Table("Kind of token, at table prices", "Tokens", "Cost", "Share");
        table.row("Input", Words.number(inputTokens), Words.dollars(input), Words.percent(input, both));
        table.row("Output", Words.number(outputTokens), Words.dollars(output), Words.percent(output, both));
        return table + "\n";
    }

    private String byModel() {
        if (!statistics.shape().has(Field.MODEL)) {
            return "";
        }
        var table = new Markdown.Table(
                2, "Model", "Priced as", "Requests", "Input tokens", "Cached", "Output tokens", "Cost", "Share");
        for (ModelUsage usage : statistics.models()) {
            ModelUsage.Sums sums = usage.sums();
            table.row(
                    Markdown.code(usage.model()),
                    pricedAs(usage),
                    Words.number(sums.requests()),
                    Words.number(sums.inputTokens()),
                    Words.number(sums.cacheReadTokens()),
                    Words.number(sums.outputTokens()),
                    sums.pricedRequests() == 0 ? "not priced" : Words.dollars(sums.cost()),
                    Words.percent(sums.cost(), statistics.totals().cost()));
        }
        return table + "\n";
    }

    private static String pricedAs(ModelUsage usage) {
        ModelUsage.Sums sums = usage.sums();
        if (usage.loggedRequests() == sums.requests()) {
            return "log";
        }
        String table = usage.price().map(price -> Markdown.code(price.model()))
                .orElse(sums.pricedRequests() > usage.loggedRequests() ? "several" : "unknown");
        return usage.loggedRequests() > 0 ? "log, " + table : table;
    }

    private String byUser() {
        if (statistics.users().isEmpty()) {
            return "";
        }
        String column = statistics.shape().name(Field.USER).orElse("user");
        var table = new Markdown.Table("By " + Markdown.code(column), "Requests", "Input tokens", "Output tokens",
                "Cost", "Share");
        for (UsageStatistics.UserUsage usage : statistics.users()) {
            table.row(
                    Markdown.code(usage.user()),
                    Words.number(usage.requests()),
                    Words.number(usage.inputTokens()),
                    Words.number(usage.outputTokens()),
                    usage.pricedRequests() == 0 ? "not priced" : Words.dollars(usage.cost()),
                    Words.percent(usage.cost(), statistics.totals().cost()));
        }
        return table + "\n";
    }

    private String perRequest() {
        var table = new Markdown.Table("Per request", "Mean", "p50", "p90", "p95", "p99", "Max");
        statistics.inputPerRequest().ifPresent(found -> row(table, "Input tokens", found));
        statistics.outputPerRequest().ifPresent(found -> row(table, "Output tokens", found));
        statistics.latency().ifPresent(found -> latencyRow(table, found));
        boolean any = statistics.inputPerRequest().isPresent() || statistics.outputPerRequest().isPresent()
                || statistics.latency().isPresent();
        return any
                ? table + "\nPercentiles are by nearest rank: at least p % of the requests have at most this value.\n"
                : "";
    }

    private static void row(Markdown.Table table, String name, Distribution found) {
        table.row(name + (found.exact() ? "" : " (rounded)"), Words.number(found.mean()), Words.number(found.median()),
                Words.number(found.p90()), Words.number(found.p95()), Words.number(found.p99()),
                Words.number(found.maximum()));
    }

    private static void latencyRow(Markdown.Table table, UsageStatistics.Latency latency) {
        Distribution found = latency.thousandths();
        table.row("Latency (" + latency.unit() + ")", thousandths(found.mean().longValue()),
                thousandths(found.median()),
                thousandths(found.p90()), thousandths(found.p95()), thousandths(found.p99()),
                thousandths(found.maximum()));
    }

    private static String thousandths(long value) {
        BigDecimal plain = BigDecimal.valueOf(value, 3).stripTrailingZeros();
        return Words.number(plain.scale() < 0 ? plain.setScale(0) : plain);
    }

    /** Requests over time. */
    String load() {
        Optional<UsageStatistics.Load> found = statistics.load();
        if (found.isEmpty()) {
            return "";
        }
        UsageStatistics.Load load = found.get();
        Distribution perMinute = load.perMinute();
        var section = new StringBuilder("## Load\n\n");
        var table = new Markdown.Table("Requests per minute", "Mean", "p50", "p90", "p95", "p99", "Max");
        row(table,
                Words.number(load.spanMinutes()) + " minutes, " + Words.number(load.busyMinutes()) + " with requests",
                perMinute);
        section.append(table).append('\n');
        var peaks = new Markdown.Table(2, "Peak", "Begins", "Requests", "Input tokens", "Output tokens");
        peak(peaks, "Minute with most requests", load.peakMinute());
        peak(peaks, "Minute with most tokens", load.peakTokenMinute());
        peak(peaks, "Hour with most requests", load.peakHour());
        section.append(peaks).append('\n');
        boolean all = load.allHours() == load.hours().size();
        var hours = new Markdown.Table(
                all ? "Hour" : "Busiest " + load.hours().size() + " of " + Words.number(load.allHours()) + " hours",
                "Requests",
                "Input tokens", "Output tokens");
        for (UsageStatistics.LoadPoint hour : load.hours()) {
            hours.row(Words.time(hour.start()), Words.number(hour.requests()), Words.number(hour.inputTokens()),
                    Words.number(hour.outputTokens()));
        }
        section.append(hours).append("\nMinutes and hours are those of the clock in UTC");
        return section.append(load.zoneAssumed() ? "; times without a zone are taken as UTC.\n" : ".\n").toString();
    }

    private static void peak(Markdown.Table table, String name, UsageStatistics.LoadPoint point) {
        table.row(name, Words.time(point.start()), Words.number(point.requests()), Words.number(point.inputTokens()),
                Words.number(point.outputTokens()));
    }
}
