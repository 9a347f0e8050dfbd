package io.insula.plugin.host;

import io.insula.agent.hosting.RecordMismatchException;
import org.jspecify.annotations.Nullable;

/**
 * Where in a record or its JSON something stands, such as {@code $.logs[2].bytes}. An entry of a map is named by its
 * number, because its key is a value.
 *
 * @param parent what it is in; {@code null} for the whole
 * @param name the name of a component; empty for an element or entry
 * @param index the number of the element or entry
 * @param depth how many levels down it is; the whole is 1
 */
record Place(@Nullable Place parent, String name, int index, int depth) {
    static final Place WHOLE = new Place(null, "", 0, 1);

    Place component(String component) {
        return new Place(this, component, 0, depth + 1);
    }

    Place element(int number) {
        return new Place(this, "", number, depth + 1);
    }

    RecordMismatchException mismatch(String what) {
        return new RecordMismatchException(this + " " + what);
    }

    @Override
    public String toString() {
        if (parent == null) {
            return "$";
        }
        return name.isEmpty() ? parent + "[" + index + "]" : parent + "." + name;
    }
}
