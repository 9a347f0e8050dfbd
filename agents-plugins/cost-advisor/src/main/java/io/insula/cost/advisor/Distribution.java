package io.insula.cost.advisor;

import java.math.BigDecimal;
import java.math.RoundingMode;

/**
 * Figures of a number over all requests. Percentiles are by nearest rank: the least value such that at least p percent
 * of all values are not greater.
 *
 * @param count how many requests have the number
 * @param mean the mean, rounded half up to one digit behind the point
 * @param median the 50th percentile
 * @param p90 the 90th percentile
 * @param p95 the 95th percentile
 * @param p99 the 99th percentile
 * @param maximum the greatest
 * @param exact false if there were so many distinct values that percentiles are rounded to four significant digits
 */
record Distribution(
        long count, BigDecimal mean, long median, long p90, long p95, long p99, long maximum, boolean exact) {

    static Distribution of(ValueCounts values) {
        SortedCounts sorted = values.sorted();
        BigDecimal mean = values.count() == 0
                ? BigDecimal.ZERO.setScale(1)
                : new BigDecimal(values.sum()).divide(BigDecimal.valueOf(values.count()), 1, RoundingMode.HALF_UP);
        return new Distribution(
                values.count(),
                mean,
                sorted.percentile(50),
                sorted.percentile(90),
                sorted.percentile(95),
                sorted.percentile(99),
                values.maximum(),
                values.exact());
    }
}
