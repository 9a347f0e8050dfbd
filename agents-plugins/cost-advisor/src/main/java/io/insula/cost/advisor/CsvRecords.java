package io.insula.cost.advisor;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads the records of a CSV file as RFC 4180 has them; blank lines are passed over.
 *
 * <p>A broken record is returned with its problem and reading goes on at the next line: a quote that is never closed
 * costs its own line and not the rest of the file. Used by one thread.
 */
final class CsvRecords {
    private static final int BROKEN = -2;
    private static final char QUOTE = '"';

    private final LogText text;
    private final int delimiter;
    private final ReadingLimits limits;
    private final StringBuilder field = new StringBuilder();
    private final StringBuilder quoted = new StringBuilder();
    private String problem = "";
    private int recordCharacters;

    CsvRecords(LogText text, char delimiter, ReadingLimits limits) {
        this.text = text;
        this.delimiter = delimiter;
        this.limits = limits;
    }

    /** The next record, or empty at the end of the file. */
    Optional<CsvRecord> next() throws IOException {
        long line = text.line();
        int first = text.read();
        while (first == '\n') {
            line = text.line();
            first = text.read();
        }
        if (first == LogText.END) {
            return Optional.empty();
        }
        problem = "";
        recordCharacters = 0;
        List<String> values = new ArrayList<>();
        int end = first;
        do {
            end = readField(values.isEmpty() ? first : text.read());
            if (end == BROKEN) {
                return Optional.of(new CsvRecord(line, values, problem));
            }
            if (values.size() == limits.columns()) {
                String reason = "more than " + limits.columns() + " columns";
                if (end == delimiter) {
                    text.skipLine();
                }
                return Optional.of(new CsvRecord(line, values, reason));
            }
            values.add(field.toString());
        } while (end == delimiter);
        return Optional.of(new CsvRecord(line, values, ""));
    }

    /** Reads one value into {@link #field} and returns what ended it, or {@link #BROKEN}. */
    private int readField(int first) throws IOException {
        field.setLength(0);
        int character = first;
        while (character != delimiter && character != '\n' && character != LogText.END) {
            if (character == QUOTE) {
                return field.toString().isBlank() ? readQuoted() : broken("a quote inside a value that is not quoted");
            }
            if (!append(character)) {
                return broken("longer than " + limits.recordCharacters() + " characters");
            }
            character = text.read();
        }
        return character;
    }

    private boolean append(int character) {
        field.append((char) character);
        return ++recordCharacters <= limits.recordCharacters();
    }

    private int broken(String reason) throws IOException {
        problem = reason;
        text.skipLine();
        return BROKEN;
    }

    private int readQuoted() throws IOException {
        long quoteLine = text.line();
        field.setLength(0);
        quoted.setLength(0);
        int character = text.read();
        while (character != LogText.END) {
            quoted.append((char) character);
            if (character == QUOTE) {
                int after = text.read();
                if (after != QUOTE) {
                    return afterQuoted(after);
                }
                quoted.append(QUOTE);
            }
            if (!append(character)) {
                return unclosed(quoteLine);
            }
            character = text.read();
        }
        return unclosed(quoteLine);
    }

    private int afterQuoted(int first) throws IOException {
        int character = first;
        while (character == ' ') {
            character = text.read();
        }
        if (character == delimiter || character == '\n' || character == LogText.END) {
            return character;
        }
        return broken("text after a closing quote");
    }

    private int unclosed(long quoteLine) throws IOException {
        int lineEnd = quoted.indexOf("\n");
        if (lineEnd < 0) {
            return broken("a quote is opened and not closed");
        }
        problem = "a quote is opened and not closed";
        text.unread(quoted.substring(lineEnd + 1), quoteLine + 1);
        return BROKEN;
    }
}
