package io.insula.cost.advisor;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Requests and tokens by clock minute, and what follows from them. Used by one thread. */
final class MinuteLoads {
    private static final long MINUTE_SECONDS = 60;
    private static final long HOUR_SECONDS = 3_600;

    private final ReadingLimits limits;
    private final Map<Long, long[]> minutes = new HashMap<>();
    private long first = Long.MAX_VALUE;
    private long last = Long.MIN_VALUE;
    private boolean overflown;

    MinuteLoads(ReadingLimits limits) {
        this.limits = limits;
    }

    void add(UsageRow row) {
        if (row.epochSecond() == UsageRow.ABSENT || overflown) {
            return;
        }
        first = Math.min(first, row.epochSecond());
        last = Math.max(last, row.epochSecond());
        long[] minute = minutes.computeIfAbsent(row.epochSecond() / MINUTE_SECONDS, _ -> new long[3]);
        minute[0]++;
        minute[1] += row.inputOrZero();
        minute[2] += row.outputOrZero();
        if (minutes.size() > limits.minutes()) {
            overflown = true;
            minutes.clear();
        }
    }

    /** Whether there were more minutes than can be told apart. */
    boolean overflown() {
        return overflown;
    }

    /** The load, or empty if no request had a time or there were too many minutes. */
    Optional<UsageStatistics.Load> load(boolean zoneAssumed) {
        if (minutes.isEmpty()) {
            return Optional.empty();
        }
        List<UsageStatistics.LoadPoint> byMinute = points(minutes, MINUTE_SECONDS);
        Map<Long, long[]> hours = new HashMap<>();
        minutes.forEach((minute, load) -> merge(hours.computeIfAbsent(minute / 60, _ -> new long[3]), load));
        List<UsageStatistics.LoadPoint> byHour = points(hours, HOUR_SECONDS);
        long span = last / MINUTE_SECONDS - first / MINUTE_SECONDS + 1;
        return Optional.of(new UsageStatistics.Load(
                Instant.ofEpochSecond(first),
                Instant.ofEpochSecond(last),
                span,
                byMinute.size(),
                perMinute(byMinute, span),
                most(byMinute, Comparator.comparingLong(UsageStatistics.LoadPoint::requests)),
                most(byMinute, Comparator.comparingLong(point -> point.inputTokens() + point.outputTokens())),
                most(byHour, Comparator.comparingLong(UsageStatistics.LoadPoint::requests)),
                busiest(byHour),
                byHour.size(),
                zoneAssumed));
    }

    private static void merge(long[] sum, long[] load) {
        for (int i = 0; i < sum.length; i++) {
            sum[i] += load[i];
        }
    }

    private static List<UsageStatistics.LoadPoint> points(Map<Long, long[]> loads, long seconds) {
        List<UsageStatistics.LoadPoint> points = new ArrayList<>(loads.size());
        loads.forEach((at, load) -> points.add(
                new UsageStatistics.LoadPoint(Instant.ofEpochSecond(at * seconds), load[0], load[1], load[2])));
        points.sort(Comparator.comparing(UsageStatistics.LoadPoint::start));
        return points;
    }

    private static UsageStatistics.LoadPoint most(
            List<UsageStatistics.LoadPoint> points, Comparator<UsageStatistics.LoadPoint> by) {
        UsageStatistics.LoadPoint most = points.getFirst();
        for (UsageStatistics.LoadPoint point : points) {
            most = by.compare(point, most) > 0 ? point : most;
        }
        return most;
    }

    private List<UsageStatistics.LoadPoint> busiest(List<UsageStatistics.LoadPoint> hours) {
        return hours.stream()
                .sorted(Comparator.comparingLong(UsageStatistics.LoadPoint::requests).reversed())
                .limit(limits.listed())
                .sorted(Comparator.comparing(UsageStatistics.LoadPoint::start))
                .toList();
    }

    /** Nearest ranks where the minutes without a request, which may be very many, are the lowest ranks. */
    private static Distribution perMinute(List<UsageStatistics.LoadPoint> busy, long span) {
        long[] requests = busy.stream().mapToLong(UsageStatistics.LoadPoint::requests).sorted().toArray();
        long empty = span - requests.length;
        long total = Arrays.stream(requests).sum();
        return new Distribution(
                span,
                BigDecimal.valueOf(total).divide(BigDecimal.valueOf(span), 1, RoundingMode.HALF_UP),
                ranked(requests, empty, 50),
                ranked(requests, empty, 90),
                ranked(requests, empty, 95),
                ranked(requests, empty, 99),
                requests[requests.length - 1],
                true);
    }

    private static long ranked(long[] requests, long empty, int percent) {
        long rank = ((requests.length + empty) * percent + 99) / 100;
        return rank <= empty ? 0 : requests[(int) (rank - empty) - 1];
    }
}
