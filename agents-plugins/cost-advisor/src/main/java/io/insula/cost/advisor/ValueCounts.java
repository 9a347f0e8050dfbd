package io.insula.cost.advisor;

import java.math.BigInteger;
import java.util.Arrays;

/**
 * How often each value of a distribution occurs, for values of 0 and more.
 *
 * <p>Exact up to a number of distinct values; beyond, every value is rounded to four significant digits, which bounds
 * both the memory and the error (0.05 %). Sum and maximum stay exact. Used by one thread.
 */
final class ValueCounts {
    private static final int FIRST_SLOTS = 1_024;
    private static final long FREE = -1;
    private static final long SIGNIFICANT = 10_000;

    private final int mostDistinct;
    private final ExactSum sum = new ExactSum();
    private long[] values = freeSlots(FIRST_SLOTS);
    private long[] counts = new long[FIRST_SLOTS];
    private int distinct;
    private boolean rounding;
    private long count;
    private long maximum;

    ValueCounts(int mostDistinct) {
        this.mostDistinct = mostDistinct;
    }

    private static long[] freeSlots(int size) {
        long[] slots = new long[size];
        Arrays.fill(slots, FREE);
        return slots;
    }

    /** Counts a value, which must not be negative. */
    void add(long value) {
        count++;
        sum.add(value);
        maximum = Math.max(maximum, value);
        put(rounding ? rounded(value) : value, 1);
        if (distinct > mostDistinct && !rounding) {
            round();
        }
    }

    /** Counts all values of another distribution. */
    void addAll(ValueCounts other) {
        count += other.count;
        sum.add(other.sum);
        maximum = Math.max(maximum, other.maximum);
        for (int slot = 0; slot < other.values.length; slot++) {
            if (other.values[slot] != FREE) {
                put(rounding ? rounded(other.values[slot]) : other.values[slot], other.counts[slot]);
                if (distinct > mostDistinct && !rounding) {
                    round();
                }
            }
        }
        if (other.rounding && !rounding) {
            round();
        }
    }

    private void put(long value, long times) {
        int slot = slot(value);
        while (values[slot] != FREE && values[slot] != value) {
            slot = (slot + 1) & (values.length - 1);
        }
        if (values[slot] == FREE) {
            values[slot] = value;
            distinct++;
        }
        counts[slot] += times;
        if (distinct * 2 > values.length) {
            rebuild(values.length * 2);
        }
    }

    private int slot(long value) {
        long mixed = value * 0x9E3779B97F4A7C15L;
        return (int) (mixed ^ mixed >>> 32) & (values.length - 1);
    }

    private void round() {
        rounding = true;
        rebuild(values.length);
    }

    private void rebuild(int slots) {
        long[] oldValues = values;
        long[] oldCounts = counts;
        values = freeSlots(slots);
        counts = new long[slots];
        distinct = 0;
        for (int i = 0; i < oldValues.length; i++) {
            if (oldValues[i] != FREE) {
                put(rounding ? rounded(oldValues[i]) : oldValues[i], oldCounts[i]);
            }
        }
    }

    private static long rounded(long value) {
        long scale = 1;
        while (value / scale >= SIGNIFICANT) {
            scale *= 10;
        }
        long lower = value / scale * scale;
        return value - lower >= (scale + 1) / 2 && lower <= Long.MAX_VALUE - scale ? lower + scale : lower;
    }

    /** How many values there are. */
    long count() {
        return count;
    }

    /** Their exact sum. */
    BigInteger sum() {
        return sum.total();
    }

    /** The exact greatest, 0 if there is none. */
    long maximum() {
        return maximum;
    }

    /** Whether no value was rounded. */
    boolean exact() {
        return !rounding;
    }

    /** The distribution so far in ascending order. */
    SortedCounts sorted() {
        long[] sortedValues = Arrays.stream(values).filter(value -> value != FREE).sorted().toArray();
        long[] sortedCounts = new long[sortedValues.length];
        for (int slot = 0; slot < values.length; slot++) {
            if (values[slot] != FREE) {
                sortedCounts[Arrays.binarySearch(sortedValues, values[slot])] = counts[slot];
            }
        }
        return new SortedCounts(sortedValues, sortedCounts, count);
    }
}
