package io.insula.cost.advisor;

import java.util.ArrayList;
import java.util.List;

/** Markdown whose texts from outside cannot become markup: no link, no picture, no HTML, no broken table. */
final class Markdown {
    private static final String SPECIAL = "\\`*_[]<>|#~&";

    private Markdown() {}

    /** Text from outside as plain words. */
    static String text(String outside) {
        var escaped = new StringBuilder();
        for (int i = 0; i < outside.length(); i++) {
            char character = outside.charAt(i);
            if (SPECIAL.indexOf(character) >= 0) {
                escaped.append('\\');
            }
            escaped.append(Character.isISOControl(character) ? ' ' : character);
        }
        return escaped.toString();
    }

    /** A name from outside in the type of code, cut to a length fit for a table. */
    static String code(String name) {
        return "`" + Words.shown(name).replace('`', '\'').replace('|', '/') + "`";
    }

    /** Rows of a table; the first column is aligned left, those of numbers right. */
    static final class Table {
        private final List<String> lines = new ArrayList<>();
        private final int columns;

        /** A table whose columns after the first hold numbers. */
        Table(String... head) {
            this(1, head);
        }

        /** A table whose first columns hold words, and the others numbers. */
        Table(int words, String... head) {
            columns = head.length;
            row(head);
            lines.add("|" + " --- |".repeat(words) + " ---: |".repeat(columns - words));
        }

        /** Adds a row; the cells are Markdown. */
        void row(String... cells) {
            if (cells.length != columns) {
                throw new IllegalArgumentException("the table has " + columns + " columns");
            }
            lines.add("| " + String.join(" | ", cells) + " |");
        }

        @Override
        public String toString() {
            return String.join("\n", lines) + "\n";
        }
    }
}
