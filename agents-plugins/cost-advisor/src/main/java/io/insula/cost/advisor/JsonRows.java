package io.insula.cost.advisor;

import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The rows of a log of JSON lines: one object per line, blank lines passed over. */
final class JsonRows implements RawRows {
    private final LogText text;
    private final ReadingLimits limits;
    private final FieldNames names = new FieldNames();
    private final Map<String, Optional<FieldNames.Match>> known = new HashMap<>();
    private final Map<Field, String> seen = new EnumMap<>(Field.class);
    private final StringBuilder lineText = new StringBuilder();

    JsonRows(LogText text, ReadingLimits limits) {
        this.text = text;
        this.limits = limits;
    }

    @Override
    public Optional<RawRow> next() throws IOException {
        long line = text.line();
        while (readLine()) {
            if (lineText.length() > limits.recordCharacters()) {
                return Optional
                        .of(new RawRow(line, Map.of(), "longer than " + limits.recordCharacters() + " characters"));
            }
            if (!lineText.toString().isBlank()) {
                return Optional.of(row(line, lineText.toString()));
            }
            line = text.line();
        }
        return Optional.empty();
    }

    /** Reads one line into {@link #lineText}; false at the end of the file. */
    private boolean readLine() throws IOException {
        lineText.setLength(0);
        int character = text.read();
        if (character == LogText.END) {
            return false;
        }
        while (character != '\n' && character != LogText.END) {
            if (lineText.length() > limits.recordCharacters()) {
                text.skipLine();
                return true;
            }
            lineText.append((char) character);
            character = text.read();
        }
        return true;
    }

    private RawRow row(long line, String json) {
        Map<Field, String> values = new EnumMap<>(Field.class);
        Map<Field, Integer> ranks = new EnumMap<>(Field.class);
        try {
            new JsonObjectLine(json, limits.columns(), (path, value) -> take(path, value, values, ranks)).read();
        } catch (MalformedRowException e) {
            return new RawRow(line, Map.of(), Words.reason(e));
        }
        return new RawRow(line, values, "");
    }

    private void take(String path, String value, Map<Field, String> values, Map<Field, Integer> ranks) {
        Optional<FieldNames.Match> found = match(path);
        if (found.isEmpty()) {
            return;
        }
        Field field = found.get().field();
        Integer rank = ranks.get(field);
        if (rank == null || found.get().rank() < rank) {
            ranks.put(field, found.get().rank());
            values.put(field, value.strip());
            seen.putIfAbsent(field, path);
        }
    }

    private Optional<FieldNames.Match> match(String path) {
        Optional<FieldNames.Match> found = known.get(path);
        if (found != null) {
            return found;
        }
        Optional<FieldNames.Match> matched = names.match(path);
        // A log whose names never repeat must not fill the memory with them.
        if (known.size() < limits.columns()) {
            known.put(path, matched);
        }
        return matched;
    }

    @Override
    public LogShape shape() {
        List<LogShape.Column> columns = new ArrayList<>();
        seen.forEach((field, path) -> columns.add(new LogShape.Column(Words.name(path), field)));
        return new LogShape("JSON lines", columns, List.of());
    }
}
