package io.insula.cost.advisor;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Usage by user, for a bounded number of users. Used by one thread. */
final class UserMeters {
    static final String NO_USER = "(no user named)";

    private final ReadingLimits limits;
    private final Map<String, Meter> meters = new HashMap<>();
    private final Meter beyond = new Meter();

    private static final class Meter {
        private final UsageSums sums = new UsageSums();
        private final UsageSums referenced = new UsageSums();

        private void add(UsageRow row, long cost, long referenceCost) {
            sums.add(row, cost);
            referenced.add(row, referenceCost);
        }
    }

    UserMeters(ReadingLimits limits) {
        this.limits = limits;
    }

    /** Counts a row with its cost, and with its cost if rows without a model are priced at the reference model. */
    void add(UsageRow row, long cost, long referenceCost) {
        Meter meter = meters.get(row.user());
        if (meter == null) {
            if (meters.size() == limits.users()) {
                beyond.add(row, cost, referenceCost);
                return;
            }
            meter = new Meter();
            meters.put(row.user(), meter);
        }
        meter.add(row, cost, referenceCost);
    }

    /** The dearest users and one row for all others. */
    List<UsageStatistics.UserUsage> usages(boolean referenced) {
        List<Ranked> all = new ArrayList<>();
        meters.forEach((user, meter) -> {
            UsageSums sums = chosen(meter, referenced);
            all.add(new Ranked(sums, usage(user.isEmpty() ? NO_USER : user, sums)));
        });
        all.sort(Comparator.comparing((Ranked ranked) -> ranked.usage().cost()).reversed()
                .thenComparing(Comparator.comparingLong(
                        (Ranked ranked) -> ranked.usage().inputTokens() + ranked.usage().outputTokens())
                        .reversed())
                .thenComparing(ranked -> ranked.usage().user()));
        int listed = Math.min(all.size(), limits.listed());
        List<UsageStatistics.UserUsage> usages = new ArrayList<>();
        all.subList(0, listed).forEach(ranked -> usages.add(ranked.usage()));
        var rest = new UsageSums();
        all.subList(listed, all.size()).forEach(ranked -> rest.add(ranked.sums()));
        rest.add(chosen(beyond, referenced));
        if (rest.sums().requests() > 0) {
            boolean overflown = chosen(beyond, referenced).sums().requests() > 0;
            usages.add(usage(overflown ? "(all others)" : "(" + (all.size() - listed) + " others)", rest));
        }
        return usages;
    }

    private record Ranked(UsageSums sums, UsageStatistics.UserUsage usage) {}

    private static UsageSums chosen(Meter meter, boolean referenced) {
        return referenced ? meter.referenced : meter.sums;
    }

    private static UsageStatistics.UserUsage usage(String user, UsageSums sums) {
        ModelUsage.Sums found = sums.sums();
        return new UsageStatistics.UserUsage(
                user, found.requests(), found.inputTokens(), found.outputTokens(), found.cost(),
                found.pricedRequests());
    }
}
