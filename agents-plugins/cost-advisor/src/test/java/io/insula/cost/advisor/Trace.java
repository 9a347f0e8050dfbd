package io.insula.cost.advisor;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;

/**
 * Requests kept as a list, with every figure computed the plain way: sorted lists and decimals. What it shares with the
 * code under test is nothing but the price table.
 */
record Trace(List<Request> requests) {
    private static final List<String> MODELS =
            List.of("gpt-4o", "azure/gpt-4o-mini", "GPT-4.1", "claude-sonnet-4-5-20250929", "home-grown");
    private static final BigDecimal MILLION = new BigDecimal(1_000_000);

    record Request(Instant at, String model, String user, long input, long cached, long output) {
        BigDecimal cost(Price price) {
            return new BigDecimal(input - cached).multiply(price.input())
                    .add(new BigDecimal(cached).multiply(price.cachedInput()))
                    .add(new BigDecimal(output).multiply(price.output()))
                    .divide(MILLION);
        }
    }

    static Trace random(long seed, int most) {
        var random = new Random(seed);
        List<Request> requests = new ArrayList<>();
        Instant start = Instant.parse("2024-03-09T22:30:00Z");
        int size = 1 + random.nextInt(most);
        for (int i = 0; i < size; i++) {
            long input = (long) Math.exp(random.nextDouble() * 12);
            requests.add(new Request(
                    start.plusMillis(random.nextInt(6 * 3_600_000)),
                    MODELS.get(random.nextInt(MODELS.size())),
                    "team " + random.nextInt(40),
                    input,
                    random.nextInt(3) == 0 ? (long) (input * random.nextDouble()) : 0,
                    (long) Math.exp(random.nextDouble() * 8)));
        }
        return new Trace(requests);
    }

    String csv(boolean model, boolean user) {
        var text = new StringBuilder("timestamp,prompt_tokens,cached_tokens,completion_tokens");
        text.append(model ? ",model" : "").append(user ? ",user" : "").append('\n');
        for (Request request : requests) {
            text.append(request.at()).append(',').append(request.input()).append(',').append(request.cached())
                    .append(',')
                    .append(request.output());
            text.append(model ? "," + request.model() : "").append(user ? "," + request.user() : "").append('\n');
        }
        return text.toString();
    }

    long sum(ToLongFunction<Request> number) {
        return requests.stream().mapToLong(number).sum();
    }

    long percentile(ToLongFunction<Request> number, double percent) {
        long[] sorted = requests.stream().mapToLong(number).sorted().toArray();
        return sorted[(int) Math.ceil(percent / 100.0 * sorted.length - 1e-9) - 1];
    }

    BigDecimal mean(ToLongFunction<Request> number) {
        return new BigDecimal(sum(number)).divide(new BigDecimal(requests.size()), 1, RoundingMode.HALF_UP);
    }

    /** Requests by minute or hour, named by that much of the ISO text of their time. */
    Map<String, List<Request>> by(int characters) {
        return requests.stream().collect(Collectors.groupingBy(
                request -> request.at().toString().substring(0, characters), TreeMap::new, Collectors.toList()));
    }

    /** The earliest of the fullest. */
    static String peak(Map<String, List<Request>> groups) {
        return groups.entrySet().stream()
                .sorted(Comparator.comparingInt((Map.Entry<String, List<Request>> group) -> -group.getValue().size())
                        .thenComparing(Map.Entry::getKey))
                .findFirst()
                .orElseThrow()
                .getKey();
    }

    /** The share of the dearest part of all costs in percent. */
    static BigDecimal share(List<BigDecimal> costs, double part) {
        List<BigDecimal> dearest = costs.stream().sorted(Comparator.reverseOrder()).toList();
        int size = (int) Math.ceil(part * dearest.size() - 1e-9);
        BigDecimal all = dearest.stream().reduce(BigDecimal.ZERO, BigDecimal::add);
        BigDecimal top = dearest.subList(0, size).stream().reduce(BigDecimal.ZERO, BigDecimal::add);
        return top.multiply(new BigDecimal(100)).divide(all, 2, RoundingMode.HALF_UP);
    }
}
