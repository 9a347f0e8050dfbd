package io.insula.cost.advisor;

/** What the savings assume, for all of them in one place; the report states each where it is used. */
final class Assumptions {
    /** A request is short with at most this many input tokens... */
    static final long SHORT_INPUT_TOKENS = 1_000;

    /** ...and at most this many output tokens. */
    static final long SHORT_OUTPUT_TOKENS = 250;

    /** Outputs are capped at this percentile of all outputs. */
    static final int OUTPUT_CAP_PERCENTILE = 95;

    /** Contexts are trimmed to this percentile of all inputs. */
    static final int INPUT_LIMIT_PERCENTILE = 90;

    /** The part of the cost that can wait, since no log says it. */
    static final int BATCH_PERCENT = 10;

    /** The part of the input tokens that a cache would newly serve, since no log says what repeats. */
    static final int CACHE_PERCENT = 10;

    private Assumptions() {}

    static boolean isShort(UsageRow row) {
        return row.input() != UsageRow.ABSENT
                && row.output() != UsageRow.ABSENT
                && row.input() <= SHORT_INPUT_TOKENS
                && row.output() <= SHORT_OUTPUT_TOKENS;
    }
}
