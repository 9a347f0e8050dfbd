package io.insula.cost.advisor;

/**
 * One request of a usage log. {@link #ABSENT} stands for a number that the row does not have: there may be millions of
 * rows, so they carry no boxes.
 *
 * @param epochSecond when, in seconds since 1970, or absent
 * @param model the model's name, empty if not said
 * @param user who, empty if not said
 * @param input all input tokens, those from and to a cache included, or absent
 * @param cacheRead input tokens read from a cache, 0 if not said
 * @param cacheWrite input tokens written to a cache, 0 if not said
 * @param output output tokens, or absent
 * @param picoDollars the log's own cost in millionths of a millionth of a US dollar, or absent
 * @param latency in thousandths of the log's unit, or absent
 */
record UsageRow(
        long epochSecond,
        String model,
        String user,
        long input,
        long cacheRead,
        long cacheWrite,
        long output,
        long picoDollars,
        long latency) {
    static final long ABSENT = -1;

    /** The input tokens, 0 if absent. */
    long inputOrZero() {
        return Math.max(0, input);
    }

    /** The output tokens, 0 if absent. */
    long outputOrZero() {
        return Math.max(0, output);
    }
}
