package io.insula.cost.advisor;

import java.util.List;

/** Texts from a log made fit to be shown, and words that several messages share. */
final class Words {
    static final String COLUMNS_THAT_HELP = "Columns that help: time (timestamp), model, input tokens (prompt_tokens,"
            + " input_tokens, ContextTokens), output tokens (completion_tokens, output_tokens, GeneratedTokens), cached"
            + " tokens (cached_tokens), user, cost (cost_usd), latency (latency_ms). Needed: input and output tokens, or"
            + " cost.";

    private static final int LONGEST_SHOWN = 60;

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
