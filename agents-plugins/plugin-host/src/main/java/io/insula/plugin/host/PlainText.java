package io.insula.plugin.host;

/** Text of unknown origin, made fit for one line of a log or a report. */
final class PlainText {
    private PlainText() {}

    /** Replaces what is not printable, so that no plugin can forge a line, and cuts what is longer. */
    static String of(String text, int maxCharacters) {
        var cut = text.length() > maxCharacters ? text.substring(0, maxCharacters - 1) + "…" : text;
        var plain = new StringBuilder(cut.length());
        cut.codePoints().forEach(character -> plain.appendCodePoint(isPrintable(character) ? character : ' '));
        return plain.toString();
    }

    private static boolean isPrintable(int character) {
        return switch (Character.getType(character)) {
            case Character.CONTROL, Character.FORMAT, Character.SURROGATE, Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR, Character.UNASSIGNED -> false;
            default -> true;
        };
    }
}
