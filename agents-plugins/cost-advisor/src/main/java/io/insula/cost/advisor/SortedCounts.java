package io.insula.cost.advisor;

import java.math.BigInteger;

/** A distribution in ascending order, to be asked for ranks. */
final class SortedCounts {
    private final long[] values;
    private final long[] counts;
    private final long count;

    SortedCounts(long[] values, long[] counts, long count) {
        this.values = values;
        this.counts = counts;
        this.count = count;
    }

    /**
     * The percentile by nearest rank: the least value such that at least {@code percent} percent of all values are not
     * greater; 0 if there is no value.
     */
    long percentile(int percent) {
        long rank = (count * percent + 99) / 100;
        long seen = 0;
        for (int i = 0; i < values.length; i++) {
            seen += counts[i];
            if (seen >= rank) {
                return values[i];
            }
        }
        return 0;
    }

    /** What is above the cap, summed over all values: the sum of max(0, value - cap). */
    BigInteger sumAbove(long cap) {
        BigInteger sum = BigInteger.ZERO;
        for (int i = values.length - 1; i >= 0 && values[i] > cap; i--) {
            sum = sum.add(BigInteger.valueOf(values[i] - cap).multiply(BigInteger.valueOf(counts[i])));
        }
        return sum;
    }

    /** The sum of the greatest {@code most} values. */
    BigInteger sumOfGreatest(long most) {
        BigInteger sum = BigInteger.ZERO;
        long left = most;
        for (int i = values.length - 1; i >= 0 && left > 0; i--) {
            long taken = Math.min(left, counts[i]);
            sum = sum.add(BigInteger.valueOf(values[i]).multiply(BigInteger.valueOf(taken)));
            left -= taken;
        }
        return sum;
    }
}
