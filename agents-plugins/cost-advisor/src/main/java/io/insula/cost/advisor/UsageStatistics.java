package io.insula.cost.advisor;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What one pass over a usage log found. Costs are in US dollars.
 *
 * @param log name of the file
 * @param shape how the log is built
 * @param pricing what the costs rest on
 * @param totals the sums
 * @param inputPerRequest input tokens per request, if the log has them
 * @param outputPerRequest output tokens per request, if the log has them
 * @param latency time per request, if the log has it
 * @param load requests over time, if the log has times
 * @param concentration how far few requests make most of the cost, if there is a cost
 * @param models usage by model, dearest first, at most {@link ReadingLimits#models} and one for all others
 * @param users usage by user, dearest first, at most {@link ReadingLimits#listed} and one for all others; empty if the
 *     log has no users
 * @param rejected the malformed rows
 */
record UsageStatistics(
        String log,
        LogShape shape,
        PricingBasis pricing,
        Totals totals,
        Optional<Distribution> inputPerRequest,
        Optional<Distribution> outputPerRequest,
        Optional<Latency> latency,
        Optional<Load> load,
        Optional<Concentration> concentration,
        List<ModelUsage> models,
        List<UserUsage> users,
        RejectedRows rejected) {
    UsageStatistics {
        models = List.copyOf(models);
        users = List.copyOf(users);
    }

    /**
     * Sums over all usable requests.
     *
     * @param requests how many
     * @param inputTokens input tokens, those from and to a cache included
     * @param cacheReadTokens input tokens read from a cache
     * @param cacheWriteTokens input tokens written to a cache
     * @param outputTokens output tokens
     * @param cost what the priced requests cost, exact
     * @param pricedRequests requests that have a cost
     */
    record Totals(
            long requests,
            long inputTokens,
            long cacheReadTokens,
            long cacheWriteTokens,
            long outputTokens,
            BigDecimal cost,
            long pricedRequests) {}

    /**
     * Time per request.
     *
     * @param unit unit of the log in words, such as {@code ms}
     * @param thousandths figures in thousandths of that unit
     */
    record Latency(String unit, Distribution thousandths) {}

    /**
     * How far few requests make most of the cost.
     *
     * @param onePercentRequests the dearest 1 % of the priced requests, rounded up
     * @param onePercentShare their share of the cost in percent, two digits behind the point
     * @param tenPercentRequests the dearest 10 %, rounded up
     * @param tenPercentShare their share of the cost in percent
     */
    record Concentration(
            long onePercentRequests, BigDecimal onePercentShare, long tenPercentRequests, BigDecimal tenPercentShare) {}

    /**
     * Usage of one user.
     *
     * @param user the user, or words for several
     * @param requests how many
     * @param inputTokens input tokens
     * @param outputTokens output tokens
     * @param cost what the priced ones cost
     * @param pricedRequests how many are priced
     */
    record UserUsage(
            String user, long requests, long inputTokens, long outputTokens, BigDecimal cost, long pricedRequests) {}

    /**
     * Requests over time. A minute and an hour are those of the clock in UTC.
     *
     * @param first start of the second of the first request
     * @param last start of the second of the last request
     * @param spanMinutes clock minutes from the first request's to the last one's, both counted
     * @param busyMinutes those with a request
     * @param perMinute requests per clock minute over the whole span, empty minutes counted as 0
     * @param peakMinute the minute with most requests, the earliest of several
     * @param peakTokenMinute the minute with most tokens, the earliest of several
     * @param peakHour the hour with most requests, the earliest of several
     * @param hours hours with a request in order of time; if they are more than {@link ReadingLimits#listed}, the busiest
     * @param allHours how many hours have a request
     * @param zoneAssumed whether times named no zone and were taken as UTC
     */
    record Load(
            Instant first,
            Instant last,
            long spanMinutes,
            long busyMinutes,
            Distribution perMinute,
            LoadPoint peakMinute,
            LoadPoint peakTokenMinute,
            LoadPoint peakHour,
            List<LoadPoint> hours,
            long allHours,
            boolean zoneAssumed) {
        Load {
            hours = List.copyOf(hours);
        }
    }

    /**
     * Load of one minute or hour.
     *
     * @param start its first second
     * @param requests requests in it
     * @param inputTokens their input tokens
     * @param outputTokens their output tokens
     */
    record LoadPoint(Instant start, long requests, long inputTokens, long outputTokens) {}
}
