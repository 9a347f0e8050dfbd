package io.insula.plugin.host;

import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.util.List;

/**
 * A record type, as an object of its components.
 *
 * @param type the record
 * @param constructor its canonical constructor, accessible
 * @param components in the order of the constructor
 */
record RecordShape(Class<? extends Record> type, Constructor<?> constructor, List<Component> components) {
    /**
     * A component of a record.
     *
     * @param name the name of the member
     * @param accessor reads it, accessible
     * @param optional whether it is an {@code Optional}, which is absent from the object when empty
     * @param shape its value, or the value in the {@code Optional}
     * @param bounds what {@code @Describe} says
     */
    record Component(String name, Method accessor, boolean optional, ValueShape shape, Bounds bounds) {}

    /**
     * What {@code @Describe} says of a component.
     *
     * @param description for the schema; empty if there is none
     * @param minimum the least number; {@code Long.MIN_VALUE} if there is no bound
     * @param maximum the greatest number; {@code Long.MAX_VALUE} if there is no bound
     * @param maximumLength the most characters (Unicode code points) or elements; {@code Integer.MAX_VALUE} if there is
     *     no bound
     */
    record Bounds(String description, long minimum, long maximum, int maximumLength) {
        static final Bounds NONE = new Bounds("", Long.MIN_VALUE, Long.MAX_VALUE, Integer.MAX_VALUE);

        boolean hasMinimum() {
            return minimum != Long.MIN_VALUE;
        }

        boolean hasMaximum() {
            return maximum != Long.MAX_VALUE;
        }

        boolean hasMaximumLength() {
            return maximumLength != Integer.MAX_VALUE;
        }
    }
}
