package io.insula.plugin.host;

import io.insula.agent.hosting.RecordMismatchException;
import io.insula.plugin.host.RecordShape.Bounds;
import io.insula.plugin.host.RecordShape.Component;
import io.insula.plugin.host.ValueShape.Dictionary;
import io.insula.plugin.host.ValueShape.Enumeration;
import io.insula.plugin.host.ValueShape.Nested;
import io.insula.plugin.host.ValueShape.Scalar;
import io.insula.plugin.host.ValueShape.Sequence;
import java.lang.reflect.InvocationTargetException;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/** Reads one record; lists and maps in it cannot be changed. Used by one thread. */
final class RecordDecoder {
    private final RecordShapes shapes;
    private final JsonParser json;
    private final int maxDepth;

    RecordDecoder(RecordShapes shapes, JsonParser json, int maxDepth) {
        this.shapes = shapes;
        this.json = json;
        this.maxDepth = maxDepth;
    }

    /** Reads the whole text. */
    <T extends Record> T read(Class<T> type) throws RecordMismatchException, RecordThrew {
        json.nextToken();
        var record = readRecord(type, Place.WHOLE);
        if (json.nextToken() != null) {
            throw Place.WHOLE.mismatch("is followed by more text");
        }
        return type.cast(record);
    }

    private Object readRecord(Class<? extends Record> type, Place place) throws RecordMismatchException, RecordThrew {
        RecordChecks.checkDepth(place, maxDepth);
        expect(JsonToken.START_OBJECT, "an object", place);
        var shape = shapes.of(type);
        var values = new HashMap<String, Object>();
        while (json.nextToken() == JsonToken.PROPERTY_NAME) {
            var component = component(shape, json.currentName(), place);
            var at = place.component(component.name());
            if (values.containsKey(component.name())) {
                throw at.mismatch("is there twice");
            }
            json.nextToken();
            var value = readValue(component.shape(), component.bounds(), at);
            values.put(component.name(), component.optional() ? Optional.of(value) : value);
        }
        var arguments = new ArrayList<>();
        for (var component : shape.components()) {
            var value = values.get(component.name());
            if (value == null && !component.optional()) {
                throw place.component(component.name()).mismatch("is missing");
            }
            arguments.add(value == null ? Optional.empty() : value);
        }
        return make(shape, arguments, place);
    }

    private static Component component(RecordShape shape, String name, Place place) throws RecordMismatchException {
        for (var component : shape.components()) {
            if (component.name().equals(name)) {
                return component;
            }
        }
        var known = shape.components().stream().map(Component::name).collect(Collectors.joining(", "));
        throw place.mismatch("has an unknown member; known are: " + (known.isEmpty() ? "none" : known));
    }

    private static Object make(RecordShape shape, List<Object> arguments, Place place) throws RecordThrew {
        try {
            return shape.constructor().newInstance(arguments.toArray());
        } catch (InvocationTargetException e) {
            throw new RecordThrew(place, PluginFault.of(e));
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("the constructor was made accessible when its shape was read", e);
        }
    }

    private Object readValue(ValueShape shape, Bounds bounds, Place place) throws RecordMismatchException, RecordThrew {
        return switch (shape) {
            case Scalar scalar -> readScalar(scalar, bounds, place);
            case Enumeration(var constants) -> {
                var constant = constants.get(text("the name of a constant", place));
                if (constant == null) {
                    throw place.mismatch("must be one of: " + String.join(", ", constants.keySet()));
                }
                yield constant;
            }
            case Nested(var type) -> readRecord(type, place);
            case Sequence(var element) -> readList(element, bounds, place);
            case Dictionary(var value) -> readMap(value, bounds, place);
        };
    }

    private List<Object> readList(ValueShape element, Bounds bounds, Place place)
            throws RecordMismatchException, RecordThrew {
        RecordChecks.checkDepth(place, maxDepth);
        expect(JsonToken.START_ARRAY, "an array", place);
        var list = new ArrayList<>();
        while (json.nextToken() != JsonToken.END_ARRAY) {
            RecordChecks.checkSize(list.size() + 1, bounds, place);
            list.add(readValue(element, Bounds.NONE, place.element(list.size())));
        }
        return Collections.unmodifiableList(list);
    }

    private Map<String, Object> readMap(ValueShape value, Bounds bounds, Place place)
            throws RecordMismatchException, RecordThrew {
        RecordChecks.checkDepth(place, maxDepth);
        expect(JsonToken.START_OBJECT, "an object", place);
        var map = new LinkedHashMap<String, Object>();
        while (json.nextToken() == JsonToken.PROPERTY_NAME) {
            RecordChecks.checkSize(map.size() + 1, bounds, place);
            var at = place.element(map.size());
            var name = json.currentName();
            RecordChecks.checkText(name, Bounds.NONE, at);
            if (map.containsKey(name)) {
                throw at.mismatch("has the key of another entry");
            }
            json.nextToken();
            map.put(name, readValue(value, Bounds.NONE, at));
        }
        return Collections.unmodifiableMap(map);
    }

    private Object readScalar(Scalar scalar, Bounds bounds, Place place) throws RecordMismatchException {
        return switch (scalar) {
            case STRING -> {
                var text = text("a string", place);
                RecordChecks.checkText(text, bounds, place);
                yield text;
            }
            case BOOLEAN -> readBoolean(place);
            case INT -> {
                var number = wholeNumber(place);
                if (number != (int) number) {
                    throw place.mismatch("is not a whole number of 32 bits");
                }
                RecordChecks.checkRange(number, bounds, place);
                yield (int) number;
            }
            case LONG -> {
                var number = wholeNumber(place);
                RecordChecks.checkRange(number, bounds, place);
                yield number;
            }
            case DOUBLE -> {
                var number = Double.parseDouble(number(place));
                RecordChecks.checkRange(number, bounds, place);
                yield number;
            }
            case DECIMAL -> {
                var number = decimal(number(place), place);
                RecordChecks.checkRange(number, bounds, place);
                yield number;
            }
            case INSTANT -> readTime(Instant::parse, "a point in time such as 2026-01-31T12:00:00Z", place);
            case DATE -> readTime(LocalDate::parse, "a date such as 2026-01-31", place);
            case DURATION -> readTime(Duration::parse, "a duration such as PT1H30M", place);
        };
    }

    private Boolean readBoolean(Place place) throws RecordMismatchException {
        if (json.currentToken() != JsonToken.VALUE_TRUE) {
            expect(JsonToken.VALUE_FALSE, "true or false", place);
        }
        return json.currentToken() == JsonToken.VALUE_TRUE;
    }

    private long wholeNumber(Place place) throws RecordMismatchException {
        expect(JsonToken.VALUE_NUMBER_INT, "a whole number", place);
        try {
            return Long.parseLong(json.getString());
        } catch (NumberFormatException e) {
            throw place.mismatch("is not a whole number of 64 bits");
        }
    }

    private String number(Place place) throws RecordMismatchException {
        if (json.currentToken() != JsonToken.VALUE_NUMBER_FLOAT) {
            expect(JsonToken.VALUE_NUMBER_INT, "a number", place);
        }
        return json.getString();
    }

    private static BigDecimal decimal(String text, Place place) throws RecordMismatchException {
        BigDecimal number;
        try {
            number = new BigDecimal(text);
        } catch (NumberFormatException e) {
            throw place.mismatch("has an exponent that is too large"); // the text is a JSON number, so it is only that
        }
        RecordChecks.checkDigits(number, place);
        return number;
    }

    private <T> T readTime(Function<String, T> parse, String expected, Place place) throws RecordMismatchException {
        try {
            return parse.apply(text(expected, place));
        } catch (DateTimeException | ArithmeticException e) {
            throw place.mismatch("must be " + expected);
        }
    }

    private String text(String expected, Place place) throws RecordMismatchException {
        expect(JsonToken.VALUE_STRING, expected, place);
        return json.getString();
    }

    private void expect(JsonToken token, String expected, Place place) throws RecordMismatchException {
        if (json.currentToken() != token) {
            throw place.mismatch("must be " + expected);
        }
    }
}
