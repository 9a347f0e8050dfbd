package io.insula.cost.advisor;

import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/** Measures one log from its stream, in one pass. */
final class UsageMeasurement {
    private UsageMeasurement() {}

    /**
     * Reads the stream to its end, without closing it.
     *
     * @param log name of the file
     * @param progress called every few thousand rows and at the end; what it throws ends the measurement
     * @throws UnusableLogException if the log has no usable row; the message says why
     */
    static UsageStatistics of(InputStream stream, String log, PriceTable prices, ReadingLimits limits,
            Runnable progress)
            throws IOException, UnusableLogException {
        var rows = new UsageRows(stream, limits, progress);
        var meter = new UsageMeter(prices, limits);
        for (Optional<UsageRow> row = rows.next(); row.isPresent(); row = rows.next()) {
            meter.add(row.get());
        }
        return meter.statistics(log, rows);
    }
}
