package io.insula.cost.advisor;

import java.util.List;
import java.util.Optional;

/**
 * How a log is built.
 *
 * @param format what kind of file it is, in words
 * @param columns the recognised columns
 * @param notes what the reader should know of the columns
 */
record LogShape(String format, List<Column> columns, List<String> notes) {
    LogShape {
        columns = List.copyOf(columns);
        notes = List.copyOf(notes);
    }

    /**
     * A recognised column.
     *
     * @param name as the log has it
     * @param field what it means
     */
    record Column(String name, Field field) {}

    boolean has(Field field) {
        return columns.stream().anyMatch(column -> column.field() == field);
    }

    Optional<String> name(Field field) {
        return columns.stream().filter(column -> column.field() == field).map(Column::name).findFirst();
    }

    boolean hasInput() {
        return has(Field.PROMPT_TOKENS) || has(Field.INPUT_TOKENS);
    }

    boolean hasCached() {
        return has(Field.CACHED_TOKENS) || has(Field.CACHE_READ_TOKENS);
    }
}
