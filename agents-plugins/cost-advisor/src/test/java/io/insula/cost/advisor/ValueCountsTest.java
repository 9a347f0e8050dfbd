package io.insula.cost.advisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ValueCountsTest {
    private static BigInteger sum(List<Long> values) {
        return values.stream().map(BigInteger::valueOf).reduce(BigInteger.ZERO, BigInteger::add);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void everyRankEqualsThatOfASortedList(long seed) {
        var random = new Random(seed);
        for (int round = 0; round < 50; round++) {
            var counts = new ValueCounts(100_000);
            List<Long> values = new ArrayList<>();
            long bound = List.of(3L, 1_000L, Long.MAX_VALUE).get(random.nextInt(3));
            for (int i = 1 + random.nextInt(5_000); i > 0; i--) {
                values.add(random.nextLong(bound));
                counts.add(values.getLast());
            }
            Collections.sort(values);
            SortedCounts sorted = counts.sorted();
            for (int percent = 1; percent <= 100; percent++) {
                int index = (int) Math.ceil(percent / 100.0 * values.size() - 1e-9) - 1;
                assertEquals(values.get(index), sorted.percentile(percent), "seed " + seed + " p" + percent);
            }
            assertEquals(sum(values), counts.sum());
            assertEquals(values.getLast(), counts.maximum());
            int most = random.nextInt(values.size() + 2);
            List<Long> greatest = values.subList(Math.max(0, values.size() - most), values.size());
            assertEquals(sum(greatest), sorted.sumOfGreatest(most));
            long cap = values.get(random.nextInt(values.size()));
            assertEquals(sum(values.stream().map(value -> Math.max(0, value - cap)).toList()), sorted.sumAbove(cap));
        }
    }

    @Test
    void distinctValuesAtTheLimitAreExactAndOneMoreRoundsToFourDigits() {
        var counts = new ValueCounts(2_000);
        for (long value = 1; value <= 2_000; value++) {
            counts.add(value * 12_345);
        }
        assertTrue(counts.exact());
        assertEquals(1_000 * 12_345, counts.sorted().percentile(50));
        counts.add(99_999_999);
        assertFalse(counts.exact());
        assertEquals(12_360_000, counts.sorted().percentile(50), "1001 x 12,345 = 12,357,345 to four digits");
        assertEquals(99_999_999, counts.maximum());
        assertEquals(BigInteger.valueOf(2_000L * 2_001 / 2 * 12_345 + 99_999_999), counts.sum());
    }

    @Test
    void roundingKeepsEveryRankWithinAHalfOfAThousandth() {
        var random = new Random(7);
        var counts = new ValueCounts(5_000);
        List<Long> values = new ArrayList<>();
        for (int i = 0; i < 50_000; i++) {
            values.add(random.nextLong(1L << (1 + random.nextInt(62))));
            counts.add(values.getLast());
        }
        Collections.sort(values);
        SortedCounts sorted = counts.sorted();
        for (int percent = 1; percent < 100; percent++) {
            long exact = values.get(values.size() * percent / 100 - 1);
            assertEquals((double) exact, (double) sorted.percentile(percent), exact * 0.0005 + 0.5, "p" + percent);
        }
    }

    @Test
    void nothingHasRankZero() {
        assertEquals(0, new ValueCounts(10).sorted().percentile(50));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void twoDistributionsAddedAreTheOneOfAllValues(boolean rounding) {
        int most = rounding ? 50 : 10_000;
        var one = new ValueCounts(most);
        var other = new ValueCounts(most);
        var all = new ValueCounts(most);
        var random = new Random(3);
        for (int i = 0; i < 3_000; i++) {
            long value = random.nextLong(1_000_000);
            (i % 3 == 0 ? one : other).add(value);
            all.add(value);
        }
        one.addAll(other);
        assertEquals(all.sum(), one.sum());
        assertEquals(all.count(), one.count());
        assertEquals(all.sorted().percentile(95), one.sorted().percentile(95));
        assertEquals(all.exact(), one.exact());
    }
}
