package io.insula.cost.advisor;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Random;

/** A CSV log of any length that exists nowhere: its rows are made when they are read. */
final class GeneratedLog extends InputStream {
    private static final String HEADER =
            "timestamp,model,user_id,prompt_tokens,cached_tokens,completion_tokens,latency_ms\n";

    private final Random random = new Random(1);
    private final long wantedBytes;
    private byte[] row = HEADER.getBytes(StandardCharsets.US_ASCII);
    private int position;
    private long made = HEADER.length();
    private long rows;
    private long inputTokens;
    private long outputTokens;

    GeneratedLog(long wantedBytes) {
        this.wantedBytes = wantedBytes;
    }

    long rows() {
        return rows;
    }

    long inputTokens() {
        return inputTokens;
    }

    long outputTokens() {
        return outputTokens;
    }

    @Override
    public int read() {
        if (position == row.length && !next()) {
            return -1;
        }
        return row[position++];
    }

    @Override
    public int read(byte[] buffer, int offset, int length) {
        if (position == row.length && !next()) {
            return -1;
        }
        int copied = Math.min(length, row.length - position);
        System.arraycopy(row, position, buffer, offset, copied);
        position += copied;
        return copied;
    }

    private boolean next() {
        if (made >= wantedBytes) {
            return false;
        }
        // As hard on memory as a log can be: nearly every value is a new one.
        long input = random.nextInt(100_000_000);
        long output = random.nextInt(100_000_000);
        String text = Instant.ofEpochSecond(1_700_000_000L + random.nextInt(60_000_000)) + ",model-"
                + random.nextInt(500) + ",user-"
                + random.nextInt(1_000_000) + "," + input + "," + random.nextLong(input + 1) + "," + output + ","
                + random.nextInt(1_000_000_000) + "\n";
        rows++;
        inputTokens += input;
        outputTokens += output;
        row = text.getBytes(StandardCharsets.US_ASCII);
        position = 0;
        made += row.length;
        return true;
    }

    /** Measures as many bytes as the argument says and prints what was counted. */
    public static void main(String[] arguments) throws Exception {
        var log = new GeneratedLog(Long.parseLong(arguments[0]));
        UsageStatistics found = UsageMeasurement.of(
                log, "generated.csv", prices(), ReadingLimits.defaults(), () -> {});
        boolean equal = found.totals().requests() == log.rows()
                && found.totals().inputTokens() == log.inputTokens()
                && found.totals().outputTokens() == log.outputTokens();
        System.out.println((equal ? "equal " : "different ") + found.totals() + " heap "
                + Runtime.getRuntime().maxMemory() / (1 << 20) + " MiB");
    }

    private static PriceTable prices() throws Exception {
        return PriceTableReader.read(
                Logs.stream("model,input,cached_input,output\nreference,2.5,1.25,10\nmodel-*,3,1,7\n"), "test");
    }
}
