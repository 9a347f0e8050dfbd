package io.insula.app;

import java.util.Locale;

/**
 * Text of others, made safe to print: no sequence of it moves the cursor, changes colours or the clipboard, reverses the
 * reading order, or passes for a line of ours.
 */
final class PrintableText {
    private static final int REPLACEMENT = 0xFFFD;
    private static final int ZERO_WIDTH_NON_JOINER = 0x200C;
    private static final int ZERO_WIDTH_JOINER = 0x200D;
    private static final int KIBI = 1024;

    private PrintableText() {}

    /** Text of several lines. Line feeds and tabs stay. */
    static String block(String text) {
        var safe = new StringBuilder(text.length());
        text.codePoints().filter(codePoint -> codePoint != '\r')
                .forEach(codePoint -> safe
                        .appendCodePoint(codePoint == '\n' || codePoint == '\t' ? codePoint : safe(codePoint)));
        return safe.toString();
    }

    /** One line of at most {@code maxCharacters}; what is cut shows as three dots. */
    static String line(String text, int maxCharacters) {
        var safe = new StringBuilder();
        var characters = 0;
        for (int i = 0; i < text.length(); i += Character.charCount(text.codePointAt(i))) {
            if (characters++ == maxCharacters) {
                return safe.append("...").toString();
            }
            var codePoint = text.codePointAt(i);
            safe.appendCodePoint(Character.isWhitespace(codePoint) ? ' ' : safe(codePoint));
        }
        return safe.toString();
    }

    /** A number of bytes for people: {@code 512 B}, {@code 1.5 KiB}. */
    static String size(long bytes) {
        if (bytes < KIBI) {
            return bytes + " B";
        }
        var kibi = bytes / (double) KIBI;
        return kibi < KIBI
                ? String.format(Locale.ROOT, "%.1f KiB", kibi)
                : String.format(Locale.ROOT, "%.1f MiB", kibi / KIBI);
    }

    /** A length of time for people: {@code 40 ms}, {@code 1.5 s}, {@code 2 min 5 s}. */
    static String duration(long millis) {
        if (millis < 1_000) {
            return Math.max(0, millis) + " ms";
        }
        if (millis < 60_000) {
            return String.format(Locale.ROOT, "%.1f s", millis / 1_000.0);
        }
        return millis / 60_000 + " min " + millis % 60_000 / 1_000 + " s";
    }

    private static int safe(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL, Character.SURROGATE, Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> REPLACEMENT;
            // Joiners belong to the spelling of many languages and to emoji; other format characters hide or reorder.
            case Character.FORMAT -> codePoint == ZERO_WIDTH_JOINER || codePoint == ZERO_WIDTH_NON_JOINER
                    ? codePoint
                    : REPLACEMENT;
            default -> codePoint;
        };
    }
}
