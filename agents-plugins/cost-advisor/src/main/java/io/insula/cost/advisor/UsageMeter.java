package io.insula.cost.advisor;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Measures a log in one pass with bounded memory: give it every row, then ask for the statistics. Used by one thread.
 *
 * <p>Whether the log names models at all is known only at the end, so rows without a model are reckoned twice meanwhile:
 * at the reference model, for a log that names none, and unpriced, for one that names others.
 */
final class UsageMeter {
    static final String NO_MODEL = "(no model named)";
    static final String OTHER_MODELS = "(other models)";

    private final PriceTable prices;
    private final ReadingLimits limits;
    private final ValueCounts inputs;
    private final ValueCounts outputs;
    private final ValueCounts latencies;
    private final ValueCounts costs;
    private final ValueCounts referenceCosts;
    private final MinuteLoads minutes;
    private final UserMeters users;
    private final Map<String, ModelMeter> models = new LinkedHashMap<>();
    private final ModelMeter others;
    private final ModelMeter unnamedAtReference;
    private final ModelMeter unnamedUnpriced;
    private boolean modelSeen;
    private long logged;
    private long atTable;
    private long atReference;
    private long unpriced;
    private Optional<LocalDate> oldest = Optional.empty();
    private Optional<LocalDate> newest = Optional.empty();

    UsageMeter(PriceTable prices, ReadingLimits limits) {
        this.prices = prices;
        this.limits = limits;
        this.inputs = new ValueCounts(limits.distinctValues());
        this.outputs = new ValueCounts(limits.distinctValues());
        this.latencies = new ValueCounts(limits.distinctValues());
        this.costs = new ValueCounts(limits.distinctValues());
        this.referenceCosts = new ValueCounts(limits.distinctValues());
        this.minutes = new MinuteLoads(limits);
        this.users = new UserMeters(limits);
        this.others = new ModelMeter(OTHER_MODELS, Optional.empty(), limits);
        this.unnamedAtReference = new ModelMeter(NO_MODEL, Optional.of(prices.reference()), limits);
        this.unnamedUnpriced = new ModelMeter(NO_MODEL, Optional.empty(), limits);
    }

    /** Counts a row in. */
    void add(UsageRow row) {
        if (row.input() != UsageRow.ABSENT) {
            inputs.add(row.input());
        }
        if (row.output() != UsageRow.ABSENT) {
            outputs.add(row.output());
        }
        if (row.latency() != UsageRow.ABSENT) {
            latencies.add(row.latency());
        }
        minutes.add(row);
        if (row.model().isEmpty()) {
            addUnnamed(row);
        } else {
            addNamed(row);
        }
    }

    private void addNamed(UsageRow row) {
        modelSeen = true;
        ModelMeter meter = meter(row.model());
        Optional<Price> price = meter.equals(others) ? prices.find(row.model()) : meter.price();
        long cost = row.picoDollars();
        if (cost != UsageRow.ABSENT) {
            logged++;
        } else if (price.isPresent()) {
            atTable++;
            cost = cost(row, price.get());
            used(price.get());
        } else {
            unpriced++;
        }
        meter.add(row, cost);
        users.add(row, cost, cost);
        if (cost != UsageRow.ABSENT) {
            costs.add(cost);
        }
    }

    private void addUnnamed(UsageRow row) {
        long cost = row.picoDollars();
        long reference = cost == UsageRow.ABSENT ? cost(row, prices.reference()) : cost;
        if (cost != UsageRow.ABSENT) {
            logged++;
            costs.add(cost);
        } else {
            atReference++;
            referenceCosts.add(reference);
        }
        unnamedAtReference.add(row, reference);
        unnamedUnpriced.add(row, cost);
        users.add(row, cost, reference);
    }

    private static long cost(UsageRow row, Price price) {
        return price.picoDollars(row.inputOrZero(), row.cacheRead(), row.cacheWrite(), row.outputOrZero());
    }

    private ModelMeter meter(String model) {
        ModelMeter meter = models.get(model);
        if (meter != null) {
            return meter;
        }
        if (models.size() == limits.models()) {
            return others;
        }
        var fresh = new ModelMeter(model, prices.find(model), limits);
        models.put(model, fresh);
        return fresh;
    }

    private void used(Price price) {
        if (price.asOf().equals(LocalDate.EPOCH)) {
            return;
        }
        oldest = Optional.of(oldest.filter(date -> !date.isAfter(price.asOf())).orElse(price.asOf()));
        newest = Optional.of(newest.filter(date -> !date.isBefore(price.asOf())).orElse(price.asOf()));
    }

    /** What was found; the rows have all been read. */
    UsageStatistics statistics(String log, UsageRows rows) {
        boolean referenced = !modelSeen && atReference > 0;
        if (referenced) {
            used(prices.reference());
            costs.addAll(referenceCosts);
        }
        var total = new UsageSums();
        List<ModelMeter> meters = usedMeters();
        meters.forEach(meter -> total.add(meter.sums()));
        ModelUsage.Sums sums = total.sums();
        var totals = new UsageStatistics.Totals(sums.requests(), sums.inputTokens(), sums.cacheReadTokens(),
                sums.cacheWriteTokens(), sums.outputTokens(), sums.cost(), sums.pricedRequests());
        var pricing = new PricingBasis(prices.source(), referenced ? Optional.of(prices.reference()) : Optional.empty(),
                logged, atTable, referenced ? atReference : 0, unpriced + (referenced ? 0 : atReference), oldest,
                newest,
                rows.shape().name(Field.COST).orElse(""));
        Optional<UsageStatistics.Load> load =
                rows.untimed() > 0 ? Optional.empty() : minutes.load(rows.unzoned() > 0);
        return new UsageStatistics(
                log,
                withNotes(rows),
                pricing,
                totals,
                distribution(inputs),
                distribution(outputs),
                distribution(latencies).map(found -> new UsageStatistics.Latency(latencyUnit(rows.shape()), found)),
                load,
                concentration(sums),
                modelUsages(meters),
                rows.shape().has(Field.USER) ? users.usages(referenced) : List.of(),
                rows.rejected());
    }

    private List<ModelMeter> usedMeters() {
        List<ModelMeter> used = new ArrayList<>(models.values());
        used.add(others);
        used.add(modelSeen || atReference == 0 ? unnamedUnpriced : unnamedAtReference);
        used.removeIf(meter -> meter.sums().sums().requests() == 0);
        return used;
    }

    private static Optional<Distribution> distribution(ValueCounts values) {
        return values.count() == 0 ? Optional.empty() : Optional.of(Distribution.of(values));
    }

    private static String latencyUnit(LogShape shape) {
        String name = shape.name(Field.LATENCY).orElse("").replaceAll("[^A-Za-z]", "");
        if (name.endsWith("ms") || name.endsWith("Ms") || name.endsWith("illis")) {
            return "ms";
        }
        return name.endsWith("econds") || name.endsWith("ys") || name.endsWith("ns") ? "s" : "the log's own unit";
    }

    private LogShape withNotes(UsageRows rows) {
        LogShape shape = rows.shape();
        List<String> notes = new ArrayList<>(shape.notes());
        if (rows.untimed() > 0) {
            notes.add(rows.untimed() + " times give a date without a time of day, so load is not computed");
        }
        if (minutes.overflown()) {
            notes.add("requests are spread over more than " + limits.minutes() + " minutes, so load is not computed");
        }
        shape.name(Field.REQUESTS).ifPresent(name -> notes.add("the column \"" + Words.shown(name)
                + "\" says that rows are sums of requests: every figure per request is per row"));
        return new LogShape(shape.format(), shape.columns(), notes);
    }

    private Optional<UsageStatistics.Concentration> concentration(ModelUsage.Sums sums) {
        if (costs.count() == 0 || costs.sum().signum() == 0) {
            return Optional.empty();
        }
        SortedCounts sorted = costs.sorted();
        // Rounded values are compared with their own sum, so that a share never exceeds the whole.
        BigInteger whole = costs.exact() ? costs.sum() : sorted.sumOfGreatest(sums.pricedRequests());
        long one = (costs.count() + 99) / 100;
        long ten = (costs.count() + 9) / 10;
        return Optional.of(new UsageStatistics.Concentration(
                one, percent(sorted.sumOfGreatest(one), whole), ten, percent(sorted.sumOfGreatest(ten), whole)));
    }

    private static BigDecimal percent(BigInteger part, BigInteger whole) {
        return new BigDecimal(part).movePointRight(2).divide(new BigDecimal(whole), 2, RoundingMode.HALF_UP);
    }

    private List<ModelUsage> modelUsages(List<ModelMeter> meters) {
        long inputLimit = inputs.sorted().percentile(Assumptions.INPUT_LIMIT_PERCENTILE);
        long outputCap = outputs.sorted().percentile(Assumptions.OUTPUT_CAP_PERCENTILE);
        return meters.stream()
                .map(meter -> meter.usage(smaller(meter), inputLimit, outputCap))
                .sorted(Comparator.comparing((ModelUsage usage) -> usage.sums().cost()).reversed()
                        .thenComparing(
                                Comparator.comparingLong((ModelUsage usage) -> usage.sums().requests()).reversed())
                        .thenComparing(ModelUsage::model))
                .toList();
    }

    private Optional<Price> smaller(ModelMeter meter) {
        // A log that names no model is priced at the reference model and at no other.
        return modelSeen ? meter.price().map(Price::smallerModel).flatMap(prices::find) : Optional.empty();
    }
}
