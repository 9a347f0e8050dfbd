package io.insula.cost.advisor;

import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/** The rows of a log in either format, one after another. Used by one thread; does not close the stream. */
sealed interface RawRows permits CsvRows, JsonRows {
    /** Opens a log, which is JSON lines if it begins with a brace, else CSV. */
    static RawRows open(InputStream stream, ReadingLimits limits) throws IOException, UnusableLogException {
        var text = new LogText(stream);
        int first = text.read();
        while (first == '\n' || first == ' ' || first == '\t') {
            first = text.read();
        }
        if (first == LogText.END) {
            throw new UnusableLogException("The file is empty.");
        }
        if (first == '[') {
            throw new UnusableLogException(
                    "The file is one JSON array. Save it as JSON lines: one object per line, no commas between them.");
        }
        text.unread(String.valueOf((char) first), text.line());
        return first == '{' ? new JsonRows(text, limits) : new CsvRows(text, limits);
    }

    /** The next row, or empty at the end. */
    Optional<RawRow> next() throws IOException;

    /** What the columns mean, as far as the log was read. */
    LogShape shape();
}
