package io.insula.app;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Fills the records of limits that the parts export from settings named like their components: {@code
 * EngineLimits.user().runsAtOnce()} is {@code engine.user.runs-at-once}. A limit added to a part thus cannot be given
 * to the wrong component by its place.
 */
final class LimitRecords {
    private LimitRecords() {}

    /** The settings for the limits in {@code defaults}, with the default of each and its meaning out of {@code meanings}. */
    static List<Setting> settings(String prefix, Record defaults, Map<String, String> meanings) {
        var settings = new ArrayList<Setting>();
        for (var component : defaults.getClass().getRecordComponents()) {
            var key = key(prefix, component);
            var value = read(component, defaults);
            if (value instanceof Record inner) {
                settings.addAll(settings(key, inner, meanings));
            } else {
                settings.add(new Setting(key, kind(component), text(component, value), meanings.getOrDefault(key, "")));
            }
        }
        return settings;
    }

    /**
     * Makes a record of limits out of settings. What cannot be used is noted in {@code values}, and its default stands
     * in for it.
     */
    static <R extends Record> R fill(String prefix, R defaults, SettingValues values) {
        @SuppressWarnings("unchecked") // a record's class is exactly its own
        var type = (Class<R>) defaults.getClass();
        var components = type.getRecordComponents();
        var types = new Class<?>[components.length];
        var arguments = new Object[components.length];
        for (int i = 0; i < components.length; i++) {
            var standing = read(components[i], defaults);
            types[i] = components[i].getType();
            arguments[i] = standing instanceof Record inner
                    ? fill(key(prefix, components[i]), inner, values)
                    : value(key(prefix, components[i]), components[i], standing, values);
        }
        try {
            return type.getConstructor(types).newInstance(arguments);
        } catch (InvocationTargetException e) {
            values.refuseTogether(prefix,
                    e.getCause() instanceof IllegalArgumentException why ? String.valueOf(why.getMessage())
                            : "the limits do not fit together");
            return defaults;
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(type + " is not a public record", e);
        }
    }

    private static Object value(String key, RecordComponent component, Object standing, SettingValues values) {
        if (values.said(key).isEmpty()) {
            return standing;
        }
        try {
            return switch (kind(component)) {
                case TIME -> Quantities.time(values.text(key));
                case SIZE -> whole(component, Quantities.bytes(values.text(key)));
                case COUNT -> whole(component, count(values.text(key)));
                case PORT, TEXT, FOLDER, FILE, LIST -> throw new IllegalStateException(key + " is no limit");
            };
        } catch (IllegalArgumentException e) {
            values.refuse(key, String.valueOf(e.getMessage()));
            return standing;
        }
    }

    private static long count(String text) {
        if (!text.matches("[0-9]{1,18}") || Long.parseLong(text) == 0) {
            throw new IllegalArgumentException("must be a whole number of 1 or more");
        }
        return Long.parseLong(text);
    }

    private static Object whole(RecordComponent component, long value) {
        if (component.getType() == long.class) {
            return value;
        }
        if (value > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("must be at most " + Integer.MAX_VALUE);
        }
        return (int) value;
    }

    private static Setting.Kind kind(RecordComponent component) {
        if (component.getType() == Duration.class) {
            return Setting.Kind.TIME;
        }
        return component.getName().toLowerCase(Locale.ROOT).contains("bytes") ? Setting.Kind.SIZE : Setting.Kind.COUNT;
    }

    private static String text(RecordComponent component, Object value) {
        return switch (value) {
            case Duration time -> Quantities.text(time);
            case Number number when kind(component) == Setting.Kind.SIZE -> Quantities.text(number.longValue());
            default -> value.toString();
        };
    }

    private static String key(String prefix, RecordComponent component) {
        var key = new StringBuilder(prefix).append('.');
        for (var letter : component.getName().toCharArray()) {
            if (Character.isUpperCase(letter)) {
                key.append('-');
            }
            key.append(Character.toLowerCase(letter));
        }
        return key.toString();
    }

    private static Object read(RecordComponent component, Record from) {
        try {
            return component.getAccessor().invoke(from);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(from.getClass() + " is not a public record", e);
        }
    }
}
