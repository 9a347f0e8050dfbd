package io.insula.cost.advisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SavingEstimatesTest {
    private static final BigDecimal MILLION = new BigDecimal(1_000_000);
    private static final Pattern DIGIT = Pattern.compile("[0-9]");

    private static Savings estimate(String log) throws Exception {
        return new SavingEstimates(Logs.measure(log)).estimate();
    }

    private static SavingOption option(Savings savings, SavingKind kind) {
        return savings.options().stream().filter(option -> option.kind() == kind).findFirst().orElseThrow();
    }

    private static void assertSaving(BigDecimal expected, SavingOption option) {
        BigDecimal found = option.saving().orElseThrow();
        assertEquals(
                expected.setScale(9, RoundingMode.HALF_UP), found.setScale(9, RoundingMode.HALF_UP),
                option.kind().title());
    }

    @ParameterizedTest
    @ValueSource(longs = {31, 32, 33, 34, 35, 36, 37, 38})
    void everySavingEqualsAPlainCount(long seed) throws Exception {
        Trace trace = Trace.random(seed, 2_000);
        PriceTable table = PriceTableReader.shipped();
        Function<String, Price> row = name -> table.find(name).orElseThrow();
        Map<String, Price> prices = Map.of("gpt-4o", row.apply("gpt-4o"), "azure/gpt-4o-mini", row.apply("gpt-4o-mini"),
                "GPT-4.1", row.apply("gpt-4.1"), "claude-sonnet-4-5-20250929", row.apply("claude-sonnet-4-5"));
        Map<String, Price> smaller = Map.of("gpt-4o", row.apply("gpt-4o-mini"), "GPT-4.1", row.apply("gpt-4.1-mini"),
                "claude-sonnet-4-5-20250929", row.apply("claude-haiku-4-5"));
        long cap = trace.percentile(Trace.Request::output, 95);
        long limit = trace.percentile(Trace.Request::input, 90);

        BigDecimal routed = BigDecimal.ZERO;
        BigDecimal batched = BigDecimal.ZERO;
        BigDecimal capped = BigDecimal.ZERO;
        BigDecimal trimmed = BigDecimal.ZERO;
        BigDecimal cached = BigDecimal.ZERO;
        for (var entry : prices.entrySet()) {
            Price price = entry.getValue();
            List<Trace.Request> requests =
                    trace.requests().stream().filter(request -> request.model().equals(entry.getKey())).toList();
            BigDecimal input = BigDecimal.ZERO;
            for (Trace.Request request : requests) {
                Optional<Price> other = Optional.ofNullable(smaller.get(entry.getKey()));
                if (other.isPresent() && request.input() <= 1_000 && request.output() <= 250) {
                    routed = routed.add(request.cost(price)).subtract(request.cost(other.get()));
                }
                batched = batched.add(request.cost(price).multiply(new BigDecimal("0.05")));
                capped = capped.add(perMillion(Math.max(0, request.output() - cap), price.output()));
                input = input.add(request.cost(price)).subtract(perMillion(request.output(), price.output()));
            }
            long tokens = requests.stream().mapToLong(Trace.Request::input).sum();
            long above = requests.stream().mapToLong(request -> Math.max(0, request.input() - limit)).sum();
            long fresh = tokens - requests.stream().mapToLong(Trace.Request::cached).sum();
            if (tokens > 0) {
                trimmed = trimmed.add(
                        input.multiply(new BigDecimal(above)).divide(new BigDecimal(tokens), 15, RoundingMode.HALF_UP));
            }
            cached = cached.add(new BigDecimal(tokens).divide(BigDecimal.TEN).min(new BigDecimal(fresh))
                    .multiply(price.input().subtract(price.cachedInput())).divide(MILLION));
        }

        Savings savings = estimate(trace.csv(true, false));
        assertSaving(routed, option(savings, SavingKind.ROUTE_SHORT_REQUESTS));
        assertSaving(batched, option(savings, SavingKind.BATCH_WHAT_CAN_WAIT));
        assertSaving(capped, option(savings, SavingKind.CAP_OUTPUTS));
        assertSaving(trimmed, option(savings, SavingKind.TRIM_CONTEXTS));
        assertSaving(cached, option(savings, SavingKind.CACHE_INPUTS));
    }

    private static BigDecimal perMillion(long tokens, BigDecimal price) {
        return new BigDecimal(tokens).multiply(price).divide(MILLION);
    }

    @Test
    void reservedThroughputIsABreakEvenAtThePeak() throws Exception {
        // 40 minutes; 600,000 tokens of gpt-4o input at 2.50 per million cost 1.50, so 2.25 an hour.
        Savings savings = estimate("""
                time,prompt_tokens,completion_tokens
                2024-01-01T00:00:10Z,100000,0
                2024-01-01T00:10:00Z,300000,0
                2024-01-01T00:39:59Z,200000,0
                """);
        SavingOption reserve = option(savings, SavingKind.RESERVE_THROUGHPUT);
        assertTrue(reserve.saving().isEmpty());
        assertEquals(
                "capacity for 300,000 tokens a minute (the peak, 2024-01-01 00:10:00 UTC) pays only below USD 2.25 an hour;"
                        + " on average 5.0 % of it would be used",
                reserve.figure());
    }

    @Test
    void aSpanAtTheLimitGivesABreakEvenAndOneMinuteLessGivesNone() throws Exception {
        String rows = "time,prompt_tokens,completion_tokens\n2024-01-01T00:00Z,1000,1\n2024-01-01T00:%s:59Z,1000,1\n";
        assertTrue(option(estimate(rows.formatted("29")), SavingKind.RESERVE_THROUGHPUT).supported());
        assertFalse(option(estimate(rows.formatted("28")), SavingKind.RESERVE_THROUGHPUT).supported());
    }

    @Test
    void optionsThatTheDataCannotSupportGiveNoNumber() throws Exception {
        Savings savings = estimate("prompt_tokens,completion_tokens\n1000,10\n");
        for (SavingKind kind : List.of(SavingKind.ROUTE_SHORT_REQUESTS, SavingKind.CACHE_INPUTS,
                SavingKind.RESERVE_THROUGHPUT)) {
            SavingOption option = option(savings, kind);
            assertFalse(option.supported(), kind.title());
            assertTrue(option.saving().isEmpty() && option.percent().isEmpty() && option.figure().isEmpty(),
                    kind.title());
            assertFalse(DIGIT.matcher(option.unsupported()).find(), option.unsupported());
        }
    }

    @Test
    void aModelWithoutACheaperCachedPriceGivesNoFigureForCaching() throws Exception {
        Savings savings = estimate("model,prompt_tokens,cached_tokens,completion_tokens\ngpt-4-turbo,1000,10,10\n");
        assertFalse(option(savings, SavingKind.CACHE_INPUTS).supported());
    }

    @Test
    void aRouteThatWouldCostMoreThanTheLogSaysSavesNothing() throws Exception {
        Savings savings = estimate("model,prompt_tokens,completion_tokens,cost\ngpt-4o,1000,10,0.00000001\n");
        assertEquals(0, option(savings, SavingKind.ROUTE_SHORT_REQUESTS).saving().orElseThrow().signum());
    }

    @Test
    void aLogOfCostsAloneSupportsNoOption() throws Exception {
        assertTrue(estimate("spend\n1\n2\n").options().stream().noneMatch(SavingOption::supported));
    }

    @Test
    void aLogWithoutAnyKnownModelSupportsNoOptionWithACost() throws Exception {
        Savings savings = estimate("model,prompt_tokens,completion_tokens\nunheard-of,1000,10\n");
        assertTrue(savings.options().stream().noneMatch(SavingOption::supported));
    }

    @Test
    void theLargestSavingStandsFirstAndWhatHasNoFigureLast() throws Exception {
        Savings savings = estimate(Trace.random(5, 1_000).csv(false, false));
        List<BigDecimal> amounts = savings.options().stream().flatMap(option -> option.saving().stream()).toList();
        assertEquals(amounts.stream().sorted((one, other) -> other.compareTo(one)).toList(), amounts);
        assertFalse(savings.options().getLast().supported());
    }

    @Test
    void thePlanFollowsTheSavingsAndReservesLast() throws Exception {
        Savings savings = estimate(Trace.random(6, 1_000).csv(true, false));
        ActionPlan plan = new ActionPlanner(savings).plan();
        List<BigDecimal> amounts = plan.actions().stream().flatMap(action -> action.saving().stream()).toList();
        assertEquals(amounts.stream().sorted((one, other) -> other.compareTo(one)).toList(), amounts);
        assertEquals(SavingKind.RESERVE_THROUGHPUT.title(), plan.actions().getLast().title());
        for (int i = 0; i < plan.actions().size(); i++) {
            assertEquals(i + 1, plan.actions().get(i).order());
        }
    }
}
