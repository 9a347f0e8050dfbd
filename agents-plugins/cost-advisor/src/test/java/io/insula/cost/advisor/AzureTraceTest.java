package io.insula.cost.advisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.InputStream;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The public Azure traces of 2023, where they lie beside the project; they are not part of it. */
class AzureTraceTest {
    @ParameterizedTest
    @ValueSource(strings = {"AzureLLMInferenceTrace_conv.csv", "AzureLLMInferenceTrace_code.csv"})
    void aRealTraceEqualsAPlainCount(String name) throws Exception {
        Path file = Path.of(System.getProperty("reactor.root", "."), "..", "shared", "data", name).normalize();
        assumeTrue(Files.exists(file), "skipped: " + name + " is not beside the project in shared/data");
        List<String[]> rows = new ArrayList<>();
        for (String line : Files.readAllLines(file).subList(1, Files.readAllLines(file).size())) {
            rows.add(line.split(",", -1));
        }

        UsageStatistics found;
        try (InputStream stream = Files.newInputStream(file)) {
            found = UsageMeasurement.of(stream, name, PriceTableReader.shipped(), ReadingLimits.defaults(), () -> {});
        }

        long[] input = column(rows, 1);
        long[] output = column(rows, 2);
        assertEquals(0, found.rejected().count());
        assertEquals(rows.size(), found.totals().requests());
        assertEquals(Arrays.stream(input).sum(), found.totals().inputTokens());
        assertEquals(Arrays.stream(output).sum(), found.totals().outputTokens());
        for (int percent : List.of(50, 90, 95, 99)) {
            int index = (int) Math.ceil(percent / 100.0 * rows.size() - 1e-9) - 1;
            assertEquals(input[index], percentile(found.inputPerRequest().orElseThrow(), percent),
                    name + " input p" + percent);
            assertEquals(output[index], percentile(found.outputPerRequest().orElseThrow(), percent),
                    name + " output p" + percent);
        }
        // gpt-4o at 2.50 and 10.00 US dollars per million tokens.
        BigDecimal cost = new BigDecimal(found.totals().inputTokens()).multiply(new BigDecimal("0.0000025"))
                .add(new BigDecimal(found.totals().outputTokens()).multiply(new BigDecimal("0.00001")));
        assertEquals(0, cost.compareTo(found.totals().cost()));
        List<String> minutes = rows.stream().map(row -> row[0].substring(0, 16)).toList();
        long peak =
                minutes.stream().distinct().mapToLong(minute -> minutes.stream().filter(minute::equals).count()).max()
                        .orElseThrow();
        assertEquals(peak, found.load().orElseThrow().peakMinute().requests());
        assertEquals(minutes.stream().distinct().count(), found.load().orElseThrow().busyMinutes());
    }

    private static long[] column(List<String[]> rows, int column) {
        return IntStream.range(0, rows.size()).mapToLong(row -> Long.parseLong(rows.get(row)[column])).sorted()
                .toArray();
    }

    private static long percentile(Distribution distribution, int percent) {
        return switch (percent) {
            case 50 -> distribution.median();
            case 90 -> distribution.p90();
            case 95 -> distribution.p95();
            default -> distribution.p99();
        };
    }
}
