package io.insula.endtoend;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

/** A count of a usage log that shares nothing with the cost advisor's: lines split at commas, three sums. */
record UsageCount(long requests, long inputTokens, long outputTokens) {
    /** Counts the rows below the header, with the two columns of tokens at these places. */
    static UsageCount of(byte[] csv, int input, int output) {
        List<String> lines =
                new String(csv, StandardCharsets.UTF_8).lines().skip(1).filter(line -> !line.isBlank()).toList();
        long inputTokens = 0;
        long outputTokens = 0;
        for (String line : lines) {
            var cells = List.of(line.split(",", -1));
            inputTokens += Long.parseLong(cells.get(input));
            outputTokens += Long.parseLong(cells.get(output));
        }
        return new UsageCount(lines.size(), inputTokens, outputTokens);
    }

    /** What it costs, in US dollars per million tokens. */
    String cost(String input, String output) {
        var dollars = new BigDecimal(input).multiply(BigDecimal.valueOf(inputTokens))
                .add(new BigDecimal(output).multiply(BigDecimal.valueOf(outputTokens))).movePointLeft(6);
        return String.format(Locale.ROOT, "USD %,.2f", dollars.setScale(2, RoundingMode.HALF_UP));
    }

    String inputWords() {
        return String.format(Locale.ROOT, "%,d input tokens", inputTokens);
    }

    String outputWords() {
        return String.format(Locale.ROOT, "%,d output tokens", outputTokens);
    }

    String requestWords() {
        return String.format(Locale.ROOT, "%,d requests", requests);
    }
}
