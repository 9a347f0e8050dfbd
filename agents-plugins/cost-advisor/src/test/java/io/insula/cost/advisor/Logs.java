package io.insula.cost.advisor;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Small logs for tests. */
final class Logs {
    private Logs() {}

    static InputStream stream(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }

    static ReadingLimits limits(int recordCharacters) {
        ReadingLimits limits = ReadingLimits.defaults();
        return new ReadingLimits(recordCharacters, limits.columns(), limits.tokensPerRequest(),
                limits.dollarsPerRequest(),
                limits.rejectedKept(), limits.models(), limits.users(), limits.listed(), limits.minutes(),
                limits.distinctValues(), limits.distinctValuesPerModel());
    }

    static ReadingLimits few(int users, int listed, int minutes) {
        ReadingLimits limits = ReadingLimits.defaults();
        return new ReadingLimits(limits.recordCharacters(), limits.columns(), limits.tokensPerRequest(),
                limits.dollarsPerRequest(), limits.rejectedKept(), limits.models(), users, listed, minutes,
                limits.distinctValues(), limits.distinctValuesPerModel());
    }

    /** All usable rows, and the reader behind them. */
    record Read(List<UsageRow> rows, UsageRows reader) {
        List<String> reasons() {
            return reader.rejected().first().stream().map(row -> row.line() + ": " + row.reason()).toList();
        }
    }

    static Read rows(String text) throws Exception {
        var reader = new UsageRows(stream(text), ReadingLimits.defaults(), () -> {});
        List<UsageRow> rows = new ArrayList<>();
        for (Optional<UsageRow> next = reader.next(); next.isPresent(); next = reader.next()) {
            rows.add(next.get());
        }
        return new Read(rows, reader);
    }

    static UsageStatistics measure(String text) throws Exception {
        return measure(text, PriceTableReader.shipped(), ReadingLimits.defaults());
    }

    static UsageStatistics measure(String text, PriceTable prices, ReadingLimits limits) throws Exception {
        return UsageMeasurement.of(stream(text), "usage.csv", prices, limits, () -> {});
    }
}
