package io.insula.cost.advisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UsageMeasurementTest {
    private static void assertSameAmount(BigDecimal expected, BigDecimal found, String what) {
        assertEquals(0, expected.compareTo(found), what + ": expected " + expected + ", found " + found);
    }

    private static BigDecimal sum(List<BigDecimal> amounts) {
        return amounts.stream().reduce(BigDecimal.ZERO, BigDecimal::add);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void totalsPercentilesAndLoadEqualAPlainCount(long seed) throws Exception {
        Trace trace = Trace.random(seed, 3_000);
        UsageStatistics found = Logs.measure(trace.csv(true, true));

        assertEquals(trace.requests().size(), found.totals().requests());
        assertEquals(trace.sum(Trace.Request::input), found.totals().inputTokens());
        assertEquals(trace.sum(Trace.Request::cached), found.totals().cacheReadTokens());
        assertEquals(trace.sum(Trace.Request::output), found.totals().outputTokens());
        Distribution input = found.inputPerRequest().orElseThrow();
        assertEquals(
                new Distribution(trace.requests().size(), trace.mean(Trace.Request::input),
                        trace.percentile(Trace.Request::input, 50), trace.percentile(Trace.Request::input, 90),
                        trace.percentile(Trace.Request::input, 95), trace.percentile(Trace.Request::input, 99),
                        trace.percentile(Trace.Request::input, 100), true),
                input);
        assertEquals(trace.percentile(Trace.Request::output, 95), found.outputPerRequest().orElseThrow().p95());

        Map<String, List<Trace.Request>> minutes = trace.by("2024-03-09T22:30".length());
        Map<String, List<Trace.Request>> hours = trace.by("2024-03-09T22".length());
        UsageStatistics.Load load = found.load().orElseThrow();
        assertEquals(minutes.size(), load.busyMinutes());
        assertEquals(Trace.peak(minutes) + ":00Z", load.peakMinute().start().toString());
        assertEquals(minutes.getOrDefault(Trace.peak(minutes), List.of()).size(), load.peakMinute().requests());
        assertEquals(Trace.peak(hours) + ":00:00Z", load.peakHour().start().toString());
        assertEquals(
                hours.values().stream().map(List::size).toList(),
                load.hours().stream().map(hour -> (int) hour.requests()).toList());
        assertPerMinute(trace, minutes, load);
    }

    private static void assertPerMinute(
            Trace trace, Map<String, List<Trace.Request>> minutes, UsageStatistics.Load load) {
        List<Instant> times = trace.requests().stream().map(Trace.Request::at).sorted().toList();
        List<Integer> perMinute = new ArrayList<>();
        Instant minute = Instant.parse(times.getFirst().toString().substring(0, 16) + ":00Z");
        for (; !minute.isAfter(times.getLast()); minute = minute.plusSeconds(60)) {
            perMinute.add(minutes.getOrDefault(minute.toString().substring(0, 16), List.of()).size());
        }
        perMinute.sort(null);
        assertEquals(perMinute.size(), load.spanMinutes());
        assertEquals(perMinute.getLast().longValue(), load.perMinute().maximum());
        assertEquals(perMinute.get((int) Math.ceil(perMinute.size() * 0.5) - 1).longValue(), load.perMinute().median());
        assertEquals(perMinute.get((int) Math.ceil(perMinute.size() * 0.9 - 1e-9) - 1).longValue(),
                load.perMinute().p90());
    }

    @ParameterizedTest
    @ValueSource(longs = {21, 22, 23, 24, 25, 26})
    void costsByModelAndUserAndTheirConcentrationEqualAPlainCount(long seed) throws Exception {
        Trace trace = Trace.random(seed, 3_000);
        PriceTable prices = PriceTableReader.shipped();
        UsageStatistics found = Logs.measure(trace.csv(true, true));
        Map<String, Price> priceOf = Map.of(
                "gpt-4o", prices.find("gpt-4o").orElseThrow(),
                "azure/gpt-4o-mini", prices.find("gpt-4o-mini").orElseThrow(),
                "GPT-4.1", prices.find("gpt-4.1").orElseThrow(),
                "claude-sonnet-4-5-20250929", prices.find("claude-sonnet-4-5").orElseThrow());
        List<Trace.Request> priced =
                trace.requests().stream().filter(request -> priceOf.containsKey(request.model())).toList();
        List<BigDecimal> costs = priced.stream().map(request -> cost(request, priceOf)).toList();

        assertSameAmount(sum(costs), found.totals().cost(), "cost");
        assertEquals(priced.size(), found.totals().pricedRequests());
        assertEquals(trace.requests().size() - priced.size(), found.pricing().unpricedRequests());
        for (ModelUsage usage : found.models()) {
            List<BigDecimal> ofModel = priced.stream().filter(request -> request.model().equals(usage.model()))
                    .map(request -> cost(request, priceOf)).toList();
            assertSameAmount(sum(ofModel), usage.sums().cost(), usage.model());
            assertEquals(ofModel.size(), usage.sums().pricedRequests());
        }
        for (UsageStatistics.UserUsage usage : found.users().subList(0, Math.min(24, found.users().size()))) {
            List<BigDecimal> ofUser = priced.stream().filter(request -> request.user().equals(usage.user()))
                    .map(request -> cost(request, priceOf)).toList();
            assertSameAmount(sum(ofUser), usage.cost(), usage.user());
        }
        assertSameAmount(sum(costs), sum(found.users().stream().map(UsageStatistics.UserUsage::cost).toList()),
                "users");
        UsageStatistics.Concentration concentration = found.concentration().orElseThrow();
        assertEquals(Trace.share(costs, 0.01), concentration.onePercentShare());
        assertEquals(Trace.share(costs, 0.1), concentration.tenPercentShare());
    }

    private static BigDecimal cost(Trace.Request request, Map<String, Price> priceOf) {
        return request.cost(Optional.ofNullable(priceOf.get(request.model())).orElseThrow());
    }

    @Test
    void aLogWithoutAModelIsPricedAtTheReferenceModelAndAtNoOther() throws Exception {
        Trace trace = Trace.random(99, 500);
        UsageStatistics found = Logs.measure(trace.csv(false, true));
        Price reference = PriceTableReader.shipped().reference();
        List<BigDecimal> costs = trace.requests().stream().map(request -> request.cost(reference)).toList();
        assertSameAmount(sum(costs), found.totals().cost(), "cost");
        assertEquals(Optional.of(reference), found.pricing().reference());
        assertEquals(trace.requests().size(), found.pricing().referenceRequests());
        assertEquals(List.of(UsageMeter.NO_MODEL), found.models().stream().map(ModelUsage::model).toList());
        assertTrue(found.models().getFirst().smaller().isEmpty());
        assertSameAmount(sum(costs), sum(found.users().stream().map(UsageStatistics.UserUsage::cost).toList()),
                "users");
        assertEquals(Trace.share(costs, 0.1), found.concentration().orElseThrow().tenPercentShare());
    }

    @Test
    void rowsWithoutAModelInALogThatNamesModelsAreNotPriced() throws Exception {
        UsageStatistics found = Logs.measure("""
                {"prompt_tokens":1000000,"completion_tokens":0}
                {"prompt_tokens":1000000,"completion_tokens":0,"model":"gpt-4o"}
                {"prompt_tokens":1000000,"completion_tokens":0,"model":"unheard-of"}
                """);
        assertSameAmount(new BigDecimal("2.50"), found.totals().cost(), "cost");
        assertEquals(2, found.pricing().unpricedRequests());
        assertTrue(found.pricing().reference().isEmpty());
        assertEquals(100, found.concentration().orElseThrow().onePercentShare().intValueExact());
    }

    @Test
    void theLogsOwnCostWinsWhereItIsThere() throws Exception {
        UsageStatistics found = Logs.measure("""
                model,prompt_tokens,completion_tokens,cost_usd
                gpt-4o,1000000,0,0.123456789012
                unheard-of,5,5,1
                gpt-4o,1000000,0,
                """);
        assertSameAmount(new BigDecimal("3.623456789012"), found.totals().cost(), "cost");
        assertEquals(2, found.pricing().loggedRequests());
        assertEquals(1, found.pricing().tableRequests());
        assertEquals("cost_usd", found.pricing().costColumn());
    }

    @Test
    void aLogOfCostsAloneIsMeasured() throws Exception {
        UsageStatistics found = Logs.measure("spend,team\n0.5,a\n1.5,b\n0.25,a\n");
        assertSameAmount(new BigDecimal("2.25"), found.totals().cost(), "cost");
        assertEquals(List.of("b", "a"), found.users().stream().map(UsageStatistics.UserUsage::user).toList());
        assertTrue(found.inputPerRequest().isEmpty());
        assertTrue(found.load().isEmpty());
        assertTrue(found.pricing().reference().isEmpty());
        assertTrue(found.models().getFirst().price().isEmpty());
    }

    @Test
    void hugeTokenCountsAddUpExactly() throws Exception {
        String row = "claude-3-opus,100000000,100000000\n";
        UsageStatistics found = Logs.measure("model,prompt_tokens,completion_tokens\n" + row.repeat(5_000));
        assertSameAmount(new BigDecimal(5_000L * (100 * 15 + 100 * 75)), found.totals().cost(), "cost");
        assertEquals(BigInteger.valueOf(500_000_000_000L), BigInteger.valueOf(found.totals().inputTokens()));
    }

    @Test
    void datesWithoutATimeOfDayGiveNoLoad() throws Exception {
        UsageStatistics found = Logs.measure("date,prompt_tokens,completion_tokens\n2024-01-01,1,1\n");
        assertTrue(found.load().isEmpty());
        assertTrue(found.shape().notes().getFirst().contains("without a time of day"));
    }

    @Test
    void latencyKeepsItsUnit() throws Exception {
        UsageStatistics.Latency milliseconds =
                Logs.measure("latency_ms,spend\n1.5,1\n20,1\n").latency().orElseThrow();
        assertEquals("ms", milliseconds.unit());
        assertEquals(1_500, milliseconds.thousandths().median());
        assertEquals("s", Logs.measure("duration_seconds,spend\n1,1\n").latency().orElseThrow().unit());
        assertEquals("the log's own unit", Logs.measure("latency,spend\n1,1\n").latency().orElseThrow().unit());
    }

    @Test
    void modelsAtTheLimitAreToldApartAndOneMoreIsSummedWithTheOthers() throws Exception {
        int most = ReadingLimits.defaults().models();
        String header = "model,prompt_tokens,completion_tokens\n";
        String rows = IntStream.range(0, most).mapToObj(i -> "m" + i + ",1,1\n").collect(Collectors.joining());
        assertEquals(most, Logs.measure(header + rows).models().size());
        UsageStatistics found = Logs.measure(header + rows + "gpt-4o,1000000,0\nm-last,1,1\n");
        assertEquals(most + 1, found.models().size());
        ModelUsage others = found.models().getFirst();
        assertEquals(UsageMeter.OTHER_MODELS, others.model());
        assertEquals(2, others.sums().requests());
        assertSameAmount(new BigDecimal("2.5"), others.sums().cost(), "priced though summed");
    }

    @Test
    void usersAtTheLimitAreToldApartAndOneMoreIsSummedWithTheOthers() throws Exception {
        ReadingLimits small = Logs.few(3, 2, 5);
        UsageStatistics found = Logs.measure("user,spend\na,1\nb,2\nc,3\n", PriceTableReader.shipped(), small);
        assertEquals(List.of("c", "b", "(1 others)"),
                found.users().stream().map(UsageStatistics.UserUsage::user).toList());
        found = Logs.measure("user,spend\na,1\nb,2\nc,3\nd,9\n", PriceTableReader.shipped(), small);
        assertEquals(List.of("c", "b", "(all others)"),
                found.users().stream().map(UsageStatistics.UserUsage::user).toList());
        assertSameAmount(new BigDecimal(10), found.users().getLast().cost(), "others");
    }

    @Test
    void hoursAtTheLimitAreAllListedAndOfOneMoreTheBusiest() throws Exception {
        ReadingLimits small = Logs.few(10, 2, 10);
        String rows = "time,spend\n2024-01-01T00:00Z,1\n2024-01-01T05:00Z,1\n2024-01-01T05:30Z,1\n";
        UsageStatistics.Load load = Logs.measure(rows, PriceTableReader.shipped(), small).load().orElseThrow();
        assertEquals(2, load.hours().size());
        load = Logs.measure(rows + "2024-01-01T09:00Z,1\n2024-01-01T09:01Z,1\n", PriceTableReader.shipped(), small)
                .load().orElseThrow();
        assertEquals(3, load.allHours());
        assertEquals(List.of("2024-01-01T05:00:00Z", "2024-01-01T09:00:00Z"),
                load.hours().stream().map(hour -> hour.start().toString()).toList());
    }

    @Test
    void minutesAtTheLimitGiveALoadAndOneMoreGivesNone() throws Exception {
        ReadingLimits small = Logs.few(10, 10, 2);
        String rows = "time,spend\n2024-01-01T00:00Z,1\n2024-01-01T05:00Z,1\n";
        assertTrue(Logs.measure(rows, PriceTableReader.shipped(), small).load().isPresent());
        UsageStatistics found = Logs.measure(rows + "2024-01-01T09:00Z,1\n", PriceTableReader.shipped(), small);
        assertFalse(found.load().isPresent());
        assertTrue(found.shape().notes().getFirst().contains("more than 2 minutes"));
        assertSameAmount(new BigDecimal(3), found.totals().cost(), "the rest is still measured");
    }
}
