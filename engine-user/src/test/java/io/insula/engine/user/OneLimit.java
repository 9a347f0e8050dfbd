package io.insula.engine.user;

import java.lang.reflect.RecordComponent;

/** The documented limits but for one. */
final class OneLimit {
    private OneLimit() {}

    /** With another value for a limit of {@link EngineLimits.User}. */
    static EngineLimits ofUser(String name, Object value) {
        EngineLimits limits = EngineLimits.defaults();
        return new EngineLimits(with(limits.user(), name, value), limits.run(), limits.platform());
    }

    /** With another value for a limit of {@link EngineLimits.Platform}. */
    static EngineLimits ofPlatform(String name, Object value) {
        EngineLimits limits = EngineLimits.defaults();
        return new EngineLimits(limits.user(), limits.run(), with(limits.platform(), name, value));
    }

    private static <R extends Record> R with(R record, String name, Object value) {
        RecordComponent[] components = record.getClass().getRecordComponents();
        Class<?>[] types = new Class<?>[components.length];
        Object[] values = new Object[components.length];
        boolean found = false;
        try {
            for (int i = 0; i < components.length; i++) {
                boolean other = !components[i].getName().equals(name);
                found |= !other;
                types[i] = components[i].getType();
                values[i] = other ? components[i].getAccessor().invoke(record) : value;
            }
            if (!found) {
                throw new AssertionError("there is no limit " + name);
            }
            @SuppressWarnings("unchecked") // a record's class is exactly its own
            Class<R> type = (Class<R>) record.getClass();
            return type.getConstructor(types).newInstance(values);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("a record has its canonical constructor", e);
        }
    }
}
