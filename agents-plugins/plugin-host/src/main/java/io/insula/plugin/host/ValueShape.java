package io.insula.plugin.host;

import java.util.Map;

/** What a component of a record, or an element of a list or map, looks like in JSON. */
sealed interface ValueShape {
    /** A type with a JSON form of its own. */
    enum Scalar implements ValueShape {
        /** A string of well-formed Unicode. */
        STRING,
        /** True or false. */
        BOOLEAN,
        /** A whole number of 32 bits. */
        INT,
        /** A whole number of 64 bits. */
        LONG,
        /** A finite number. */
        DOUBLE,
        /** A number of any precision within the codec's limits. */
        DECIMAL,
        /** A string in ISO 8601. */
        INSTANT,
        /** A string in ISO 8601. */
        DATE,
        /** A string in ISO 8601. */
        DURATION
    }

    /** An enum, as the name of a constant. */
    record Enumeration(Map<String, Enum<?>> constants) implements ValueShape {}

    /** A record, as an object; its shape is looked up by its type, so that records may hold themselves. */
    record Nested(Class<? extends Record> type) implements ValueShape {}

    /** A list, as an array. */
    record Sequence(ValueShape element) implements ValueShape {}

    /** A map from strings, as an object. */
    record Dictionary(ValueShape value) implements ValueShape {}
}
