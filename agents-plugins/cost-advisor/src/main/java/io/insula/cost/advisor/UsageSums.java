package io.insula.cost.advisor;

import java.math.BigDecimal;

/** Running sums over requests. Used by one thread. */
final class UsageSums {
    private static final int PICO_DIGITS = 12;

    private final ExactSum cost = new ExactSum();
    private long requests;
    private long input;
    private long cacheRead;
    private long cacheWrite;
    private long output;
    private long priced;

    void add(UsageRow row, long picoDollars) {
        requests++;
        input += row.inputOrZero();
        cacheRead += row.cacheRead();
        cacheWrite += row.cacheWrite();
        output += row.outputOrZero();
        if (picoDollars != UsageRow.ABSENT) {
            priced++;
            cost.add(picoDollars);
        }
    }

    void add(UsageSums other) {
        requests += other.requests;
        input += other.input;
        cacheRead += other.cacheRead;
        cacheWrite += other.cacheWrite;
        output += other.output;
        priced += other.priced;
        cost.add(other.cost);
    }

    ModelUsage.Sums sums() {
        return new ModelUsage.Sums(requests, input, cacheRead, cacheWrite, output,
                new BigDecimal(cost.total(), PICO_DIGITS), priced);
    }
}
