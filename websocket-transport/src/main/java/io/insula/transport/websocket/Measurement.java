package io.insula.transport.websocket;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeMap;

/**
 * One thing that operators can watch, as it is at this moment. Names and labels are chosen by us alone: nothing that a
 * user has said, and no user, is ever among them.
 *
 * @param name what is measured, with its unit, such as {@code insula_journal_waiting_bytes}
 * @param kind how it changes
 * @param help what it is, in one line
 * @param label by what its values are told apart; empty if there is only one
 * @param values its values, by the label's value; by the empty text if there is only one
 */
public record Measurement(
        String name, Kind kind, String help, String label, SequencedMap<String, Double> values) {
    /** How a measurement changes. */
    public enum Kind {
        /** Only grows, as long as the process lives. */
        COUNTER,
        /** Goes up and down. */
        GAUGE
    }

    /** Copies the values, and sorts them. */
    public Measurement {
        values = Collections.unmodifiableSequencedMap(new TreeMap<>(values));
    }

    /** Something of which there is one value. */
    public static Measurement of(String name, Kind kind, String help, double value) {
        return new Measurement(name, kind, help, "", new TreeMap<>(Map.of("", value)));
    }

    /** Something of which there is one value, and whole. */
    public static Measurement of(String name, Kind kind, String help, long value) {
        return of(name, kind, help, (double) value);
    }

    /** All of them in the text format of Prometheus, version 0.0.4. */
    static String asText(List<Measurement> measurements) {
        var text = new StringBuilder();
        for (Measurement each : measurements) {
            each.append(text);
        }
        return text.toString();
    }

    private void append(StringBuilder text) {
        text.append("# HELP ").append(name).append(' ').append(escaped(help)).append('\n');
        text.append("# TYPE ").append(name).append(kind == Kind.COUNTER ? " counter\n" : " gauge\n");
        values.forEach((value, number) -> {
            text.append(name);
            if (!label.isEmpty()) {
                text.append('{').append(label).append("=\"").append(escaped(value).replace("\"", "\\\"")).append("\"}");
            }
            text.append(' ').append(written(number)).append('\n');
        });
    }

    /** Whole numbers without an exponent: people read them too. */
    private static String written(double number) {
        boolean whole = number == Math.rint(number) && Math.abs(number) < 1L << 53;
        return whole ? Long.toString((long) number) : Double.toString(number);
    }

    private static String escaped(String text) {
        return text.replace("\\", "\\\\").replace("\n", "\\n");
    }
}
