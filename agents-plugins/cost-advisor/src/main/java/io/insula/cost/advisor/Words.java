package io.insula.cost.advisor;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;

/** Texts from a log made fit to be shown, and words that several messages share. */
final class Words {
    static final String COLUMNS_THAT_HELP = "Columns that help: time (timestamp), model, input tokens (prompt_tokens,"
            + " input_tokens, ContextTokens), output tokens (completion_tokens, output_tokens, GeneratedTokens), cached"
            + " tokens (cached_tokens), user, cost (cost_usd), latency (latency_ms). Needed: input and output tokens, or"
            + " cost.";

    private static final int LONGEST_SHOWN = 60;
    private static final int LONGEST_NAME = 200;

    private Words() {}

    /** The text on one line, without control characters, cut at {@value #LONGEST_SHOWN} characters. */
    static String shown(String text) {
        var shown = new StringBuilder();
        text.codePoints().limit(LONGEST_SHOWN).forEach(point -> shown.appendCodePoint(isPlain(point) ? point : '?'));
        if (text.codePointCount(0, text.length()) > LONGEST_SHOWN) {
            shown.append("...");
        }
        return shown.toString();
    }

    private static boolean isPlain(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL, Character.FORMAT, Character.SURROGATE, Character.UNASSIGNED, Character.PRIVATE_USE,
                    Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR -> false;
            default -> true;
        };
    }

    /** A whole number with commas between thousands. */
    static String number(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    /** So many of a thing, in the singular for one. */
    static String count(long number, String thing) {
        return number(number) + " " + thing + (number == 1 ? "" : "s");
    }

    /** A number with commas between thousands and as many digits behind the point as it has. */
    static String number(BigDecimal number) {
        return String.format(Locale.ROOT, "%,." + Math.max(0, number.scale()) + "f", number);
    }

    /** US dollars, with as many digits as small amounts need to be told apart. */
    static String dollars(BigDecimal dollars) {
        int digits = 2;
        if (dollars.signum() > 0 && dollars.compareTo(BigDecimal.ONE) < 0) {
            digits = dollars.compareTo(new BigDecimal("0.01")) < 0 ? 6 : 4;
        }
        return "USD " + number(dollars.setScale(digits, RoundingMode.HALF_UP));
    }

    /** A part of a whole in percent with one digit behind the point; of nothing, a dash. */
    static String percent(BigDecimal part, BigDecimal whole) {
        return whole.signum() == 0 ? "-" : part.movePointRight(2).divide(whole, 1, RoundingMode.HALF_UP) + " %";
    }

    /** The same for whole numbers. */
    static String percent(long part, long whole) {
        return percent(BigDecimal.valueOf(part), BigDecimal.valueOf(whole));
    }

    /** A time in UTC to the second. */
    static String time(Instant time) {
        return DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss", Locale.ROOT).format(time.atOffset(ZoneOffset.UTC))
                + " UTC";
    }

    /** A name as long as it may be, without halves of surrogate pairs, which no JSON can carry. */
    static String name(String text) {
        var name = new StringBuilder();
        text.codePoints().limit(LONGEST_NAME)
                .forEach(point -> name.appendCodePoint(Character.getType(point) == Character.SURROGATE ? '?' : point));
        return name.toString();
    }

    /** The reason why a row is malformed. */
    static String reason(MalformedRowException problem) {
        String reason = problem.getMessage();
        return reason == null ? "malformed" : reason;
    }

    /** The first texts in quotes, with commas, and how many more there are. */
    static String list(List<String> texts, int most) {
        var list = new StringBuilder();
        for (String text : texts.subList(0, Math.min(most, texts.size()))) {
            list.append(list.isEmpty() ? "\"" : ", \"").append(shown(text)).append('"');
        }
        if (texts.size() > most) {
            list.append(" and ").append(texts.size() - most).append(" more");
        }
        return list.toString();
    }
}
