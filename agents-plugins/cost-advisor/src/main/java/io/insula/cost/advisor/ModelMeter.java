package io.insula.cost.advisor;

import java.util.Optional;

/** Running figures of one model's requests. Used by one thread. */
final class ModelMeter {
    private final String model;
    private final Optional<Price> price;
    private final UsageSums sums = new UsageSums();
    private final UsageSums shortSums = new UsageSums();
    private final ValueCounts inputs;
    private final ValueCounts outputs;
    private long logged;

    ModelMeter(String model, Optional<Price> price, ReadingLimits limits) {
        this.model = model;
        this.price = price;
        this.inputs = new ValueCounts(limits.distinctValuesPerModel());
        this.outputs = new ValueCounts(limits.distinctValuesPerModel());
    }

    Optional<Price> price() {
        return price;
    }

    UsageSums sums() {
        return sums;
    }

    void add(UsageRow row, long picoDollars) {
        sums.add(row, picoDollars);
        inputs.add(row.inputOrZero());
        outputs.add(row.outputOrZero());
        logged += row.picoDollars() == UsageRow.ABSENT ? 0 : 1;
        if (Assumptions.isShort(row)) {
            shortSums.add(row, picoDollars);
        }
    }

    ModelUsage usage(Optional<Price> smaller, long inputLimit, long outputCap) {
        return new ModelUsage(model, price, smaller, sums.sums(), logged, shortSums.sums(),
                inputs.sorted().sumAbove(inputLimit).longValueExact(),
                outputs.sorted().sumAbove(outputCap).longValueExact());
    }
}
