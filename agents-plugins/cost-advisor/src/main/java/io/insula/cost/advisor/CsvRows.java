package io.insula.cost.advisor;

import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The rows of a CSV log with a header; comma, semicolon or tab, whichever the header has most of. */
final class CsvRows implements RawRows {
    private static final int NAMES_SHOWN = 12;

    private final CsvRecords records;
    private final Map<Field, Integer> positions = new EnumMap<>(Field.class);
    private final int width;
    private final char delimiter;
    private final LogShape shape;

    CsvRows(LogText text, ReadingLimits limits) throws IOException, UnusableLogException {
        var headerLine = new StringBuilder();
        long line = text.line();
        this.delimiter = delimiter(text, headerLine, limits);
        text.unread(headerLine.toString(), line);
        this.records = new CsvRecords(text, delimiter, limits);
        CsvRecord header = records.next().orElseThrow(() -> new UnusableLogException("The file is empty."));
        if (!header.problem().isEmpty()) {
            throw new UnusableLogException(
                    "The header in line " + header.line() + " cannot be read: " + header.problem()
                            + ".");
        }
        this.width = header.values().size();
        this.shape = recognise(header.values());
    }

    /** Reads ahead over the first line, keeping it in {@code headerLine}. */
    private static char delimiter(LogText text, StringBuilder headerLine, ReadingLimits limits) throws IOException {
        Map<Character, Integer> counts = new LinkedHashMap<>();
        counts.put(',', 0);
        counts.put(';', 0);
        counts.put('\t', 0);
        boolean quoted = false;
        int character = text.read();
        while (character != LogText.END) {
            headerLine.append((char) character);
            if (character == '"') {
                quoted = !quoted;
            } else if (!quoted) {
                counts.computeIfPresent((char) character, (_, count) -> count + 1);
            }
            if ((character == '\n' && !quoted) || headerLine.length() > limits.recordCharacters()) {
                break;
            }
            character = text.read();
        }
        char best = ',';
        for (var entry : counts.entrySet()) {
            if (entry.getValue() > counts.getOrDefault(best, 0)) {
                best = entry.getKey();
            }
        }
        return best;
    }

    private LogShape recognise(List<String> header) throws UnusableLogException {
        var names = new FieldNames();
        Map<Field, Integer> ranks = new EnumMap<>(Field.class);
        List<String> notes = new ArrayList<>();
        for (int i = 0; i < header.size(); i++) {
            Optional<FieldNames.Match> found = names.match(header.get(i).strip());
            if (found.isEmpty()) {
                continue;
            }
            Field field = found.get().field();
            Integer rank = ranks.get(field);
            if (rank == null || found.get().rank() < rank) {
                ranks.put(field, found.get().rank());
                positions.put(field, i);
            }
            if (rank != null) {
                notes.add("more than one column looks like " + field.meaning() + "; \""
                        + Words.shown(header.get(positions.getOrDefault(field, i))) + "\" (column "
                        + (positions.getOrDefault(field, i) + 1) + ") is used");
            }
        }
        if (!positions.containsKey(Field.PROMPT_TOKENS)
                && !positions.containsKey(Field.INPUT_TOKENS)
                && !positions.containsKey(Field.OUTPUT_TOKENS)
                && !positions.containsKey(Field.COST)) {
            throw new UnusableLogException("No column looks like tokens or cost. The first line has: "
                    + Words.list(header, NAMES_SHOWN) + ". " + Words.COLUMNS_THAT_HELP);
        }
        List<LogShape.Column> columns = new ArrayList<>();
        positions.forEach(
                (field, position) -> columns.add(new LogShape.Column(Words.name(header.get(position).strip()), field)));
        return new LogShape("CSV with " + width + " columns, separated by " + delimiterName(), columns, notes);
    }

    private String delimiterName() {
        return switch (delimiter) {
            case ';' -> "semicolons";
            case '\t' -> "tabs";
            default -> "commas";
        };
    }

    @Override
    public Optional<RawRow> next() throws IOException {
        Optional<CsvRecord> read = records.next();
        if (read.isEmpty()) {
            return Optional.empty();
        }
        CsvRecord row = read.get();
        if (!row.problem().isEmpty()) {
            return Optional.of(new RawRow(row.line(), Map.of(), row.problem()));
        }
        int found = row.values().size();
        if (found != width) {
            String problem = found + (found == 1 ? " column" : " columns") + " where the header has " + width;
            return Optional.of(new RawRow(row.line(), Map.of(), problem));
        }
        Map<Field, String> values = new EnumMap<>(Field.class);
        for (var entry : positions.entrySet()) {
            values.put(entry.getKey(), row.values().get(entry.getValue()).strip());
        }
        return Optional.of(new RawRow(row.line(), values, ""));
    }

    @Override
    public LogShape shape() {
        return shape;
    }
}
