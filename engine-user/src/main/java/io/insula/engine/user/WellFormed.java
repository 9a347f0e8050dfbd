package io.insula.engine.user;

import java.util.ArrayList;
import java.util.List;

/** Keeps texts of plugins and users such that they can be written as UTF-8. */
final class WellFormed {
    private static final char REPLACEMENT = '\uFFFD';

    private WellFormed() {}

    /** The text with every unpaired surrogate replaced. */
    static String text(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isSurrogate(text.charAt(i))) {
                return repaired(text);
            }
        }
        return text;
    }

    private static String repaired(String text) {
        StringBuilder out = new StringBuilder(text.length());
        text.codePoints().forEach(point -> out
                .appendCodePoint(point <= 0xFFFF && Character.isSurrogate((char) point) ? REPLACEMENT : point));
        return out.toString();
    }

    /** The text in pieces of at most {@code characters}, none of which ends inside a pair; none if it is empty. */
    static List<String> pieces(String text, int characters) {
        List<String> pieces = new ArrayList<>();
        int from = 0;
        while (from < text.length()) {
            int to = Math.min(text.length(), from + characters);
            boolean splitsPair = to < text.length() && to - from > 1
                    && Character.isHighSurrogate(text.charAt(to - 1))
                    && Character.isLowSurrogate(text.charAt(to));
            if (splitsPair) {
                to--;
            }
            pieces.add(text.substring(from, to));
            from = to;
        }
        return pieces;
    }

    /** At most so many characters of the text, with an ellipsis if it was cut. */
    static String cut(String text, int characters) {
        return text.length() <= characters ? text : text(text.substring(0, characters - 1)) + "…";
    }
}
