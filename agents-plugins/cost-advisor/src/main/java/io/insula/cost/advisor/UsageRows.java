package io.insula.cost.advisor;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The usable requests of a log, one after another; malformed rows are counted, the first of them kept, and skipped.
 * Used by one thread; does not close the stream.
 */
final class UsageRows {
    private static final int ROWS_BETWEEN_CALLS = 4_096;

    private final RawRows rows;
    private final ReadingLimits limits;
    private final Amounts amounts;
    private final Runnable progress;
    private final List<RejectedRows.RejectedRow> rejected = new ArrayList<>();
    private long rejectedCount;
    private long usable;
    private long unzoned;
    private long untimed;

    /**
     * Opens a log.
     *
     * @param progress called every few thousand rows, usable or not, and at the end; what it throws ends the reading
     */
    UsageRows(InputStream stream, ReadingLimits limits, Runnable progress) throws IOException, UnusableLogException {
        this.progress = progress;
        this.rows = RawRows.open(stream, limits);
        this.limits = limits;
        this.amounts = new Amounts(limits);
    }

    /**
     * The next usable request, or empty at the end.
     *
     * @throws UnusableLogException if the file ends without a single usable row; the message says why
     */
    Optional<UsageRow> next() throws IOException, UnusableLogException {
        for (Optional<RawRow> raw = rows.next(); raw.isPresent(); raw = rows.next()) {
            if ((usable + rejectedCount) % ROWS_BETWEEN_CALLS == 0) {
                progress.run();
            }
            try {
                UsageRow row = read(raw.get());
                usable++;
                return Optional.of(row);
            } catch (MalformedRowException e) {
                reject(raw.get().line(), Words.reason(e));
            }
        }
        progress.run();
        if (usable == 0) {
            throw new UnusableLogException(nothingUsable());
        }
        return Optional.empty();
    }

    private void reject(long line, String reason) {
        rejectedCount++;
        if (rejected.size() < limits.rejectedKept()) {
            rejected.add(new RejectedRows.RejectedRow(line, reason));
        }
    }

    private String nothingUsable() {
        if (rejected.isEmpty()) {
            return "The file has a header and no rows. " + Words.COLUMNS_THAT_HELP;
        }
        RejectedRows.RejectedRow first = rejected.getFirst();
        return "None of the " + rejectedCount + (rejectedCount == 1 ? " row" : " rows")
                + " can be used. The first, line "
                + first.line() + ": " + first.reason() + ". " + Words.COLUMNS_THAT_HELP;
    }

    private UsageRow read(RawRow raw) throws MalformedRowException {
        if (!raw.problem().isEmpty()) {
            throw new MalformedRowException(raw.problem());
        }
        Map<Field, String> values = raw.values();
        long cost = optional(values, Field.COST) ? amounts.picoDollars(text(values, Field.COST)) : UsageRow.ABSENT;
        boolean prompt = values.containsKey(Field.PROMPT_TOKENS);
        Field inputField = prompt ? Field.PROMPT_TOKENS : Field.INPUT_TOKENS;
        long input = tokens(values, inputField, cost);
        long output = tokens(values, Field.OUTPUT_TOKENS, cost);
        if (input == UsageRow.ABSENT && output == UsageRow.ABSENT && cost == UsageRow.ABSENT) {
            throw new MalformedRowException("neither tokens nor cost");
        }
        long cacheRead = optionalTokens(values, Field.CACHE_READ_TOKENS);
        long cacheWrite = optionalTokens(values, Field.CACHE_WRITE_TOKENS);
        if (!prompt && input != UsageRow.ABSENT) {
            input += cacheRead + cacheWrite;
        }
        if (!optional(values, Field.CACHE_READ_TOKENS)) {
            cacheRead = optionalTokens(values, Field.CACHED_TOKENS);
        }
        if (cacheRead + cacheWrite > Math.max(0, input)) {
            throw new MalformedRowException("more cached tokens than input tokens");
        }
        long latency =
                optional(values, Field.LATENCY) ? amounts.thousandths(text(values, Field.LATENCY)) : UsageRow.ABSENT;
        return new UsageRow(time(values), name(values, Field.MODEL), name(values, Field.USER), input, cacheRead,
                cacheWrite,
                output, cost, latency);
    }

    private long time(Map<Field, String> values) throws MalformedRowException {
        if (!values.containsKey(Field.TIME)) {
            return UsageRow.ABSENT;
        }
        Moment moment = Moment.parse(text(values, Field.TIME));
        unzoned += moment.zoned() ? 0 : 1;
        untimed += moment.timed() ? 0 : 1;
        return moment.epochSecond();
    }

    /** An empty cell is malformed, unless the row brings its own cost; no cell at all is absent. */
    private long tokens(Map<Field, String> values, Field field, long cost) throws MalformedRowException {
        boolean needed = values.containsKey(field) && (cost == UsageRow.ABSENT || optional(values, field));
        return needed ? amounts.tokens(text(values, field), field) : UsageRow.ABSENT;
    }

    private long optionalTokens(Map<Field, String> values, Field field) throws MalformedRowException {
        return optional(values, field) ? amounts.tokens(text(values, field), field) : 0;
    }

    private static boolean optional(Map<Field, String> values, Field field) {
        return !text(values, field).isEmpty();
    }

    private static String text(Map<Field, String> values, Field field) {
        return values.getOrDefault(field, "");
    }

    private static String name(Map<Field, String> values, Field field) {
        return Words.name(text(values, field));
    }

    /** What the columns mean, as far as the log was read. */
    LogShape shape() {
        return rows.shape();
    }

    /** The malformed rows so far. */
    RejectedRows rejected() {
        return new RejectedRows(rejectedCount, rejected);
    }

    /** Usable rows so far. */
    long usable() {
        return usable;
    }

    /** Usable or malformed rows so far whose time names no zone and is taken as UTC. */
    long unzoned() {
        return unzoned;
    }

    /** Rows so far that give a date without a time of day. */
    long untimed() {
        return untimed;
    }
}
