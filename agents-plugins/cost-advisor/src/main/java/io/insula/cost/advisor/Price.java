package io.insula.cost.advisor;

import java.math.BigDecimal;
import java.time.LocalDate;

/**
 * What a model costs, in US dollars per million tokens.
 *
 * @param model the model's name in lower case; a {@code *} stands for any characters
 * @param input price of input tokens
 * @param cachedInput price of input tokens read from a cache; equal to {@code input} where there is no discount
 * @param cacheWrite price of input tokens written to a cache; equal to {@code input} where there is no extra charge
 * @param output price of output tokens
 * @param batchDiscountPercent discount for requests that may take hours, 0 if there is none
 * @param smallerModel name of the next smaller model of the same maker, empty if there is none
 * @param asOf when the price was read
 * @param note where it comes from
 */
record Price(
        String model,
        BigDecimal input,
        BigDecimal cachedInput,
        BigDecimal cacheWrite,
        BigDecimal output,
        int batchDiscountPercent,
        String smallerModel,
        LocalDate asOf,
        String note) {
    /** Digits behind the point of a price per million tokens that a millionth of a millionth of a dollar can hold. */
    static final int MOST_DECIMALS = 6;

    private static final int PICO_PER_TOKEN_DIGITS = 6;

    /**
     * The exact cost in millionths of a millionth of a dollar.
     *
     * @throws ArithmeticException if it does not fit, which the bounds of prices and tokens exclude
     */
    long picoDollars(long inputTokens, long cacheRead, long cacheWritten, long outputTokens) {
        long fresh = inputTokens - cacheRead - cacheWritten;
        return Math.addExact(
                Math.addExact(pico(fresh, input), pico(outputTokens, output)),
                Math.addExact(pico(cacheRead, cachedInput), pico(cacheWritten, cacheWrite)));
    }

    /** The exact cost of all input tokens in US dollars. */
    BigDecimal inputDollars(ModelUsage.Sums sums) {
        long fresh = sums.inputTokens() - sums.cacheReadTokens() - sums.cacheWriteTokens();
        return dollars(fresh, input)
                .add(dollars(sums.cacheReadTokens(), cachedInput))
                .add(dollars(sums.cacheWriteTokens(), cacheWrite));
    }

    /** The exact cost of the output tokens in US dollars. */
    BigDecimal outputDollars(ModelUsage.Sums sums) {
        return dollars(sums.outputTokens(), output);
    }

    /** The exact cost of tokens at a price per million. */
    static BigDecimal dollars(long tokens, BigDecimal perMillion) {
        return perMillion.multiply(BigDecimal.valueOf(tokens)).movePointLeft(6);
    }

    private static long pico(long tokens, BigDecimal perMillion) {
        // Unscaled arithmetic: this runs once for every row.
        long scaled = perMillion.unscaledValue().longValueExact();
        for (int scale = perMillion.scale(); scale < PICO_PER_TOKEN_DIGITS; scale++) {
            scaled = Math.multiplyExact(scaled, 10L);
        }
        return Math.multiplyExact(tokens, scaled);
    }

    /** Whether a model's name, in lower case, is meant by this row. */
    boolean matches(String name) {
        int star = model.indexOf('*');
        if (star < 0) {
            return model.equals(name);
        }
        String before = model.substring(0, star);
        String after = model.substring(star + 1);
        return name.length() >= before.length() + after.length() && name.startsWith(before) && name.endsWith(after);
    }
}
