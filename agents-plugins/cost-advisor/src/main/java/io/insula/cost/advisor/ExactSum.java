package io.insula.cost.advisor;

import java.math.BigInteger;

/** A sum of whole numbers that never overflows. Used by one thread. */
final class ExactSum {
    private BigInteger carried = BigInteger.ZERO;
    private long pending;

    void add(long value) {
        long sum = pending + value;
        if (((pending ^ sum) & (value ^ sum)) < 0) {
            carried = carried.add(BigInteger.valueOf(pending));
            pending = value;
        } else {
            pending = sum;
        }
    }

    void add(ExactSum other) {
        carried = carried.add(other.total());
    }

    BigInteger total() {
        return carried.add(BigInteger.valueOf(pending));
    }
}
