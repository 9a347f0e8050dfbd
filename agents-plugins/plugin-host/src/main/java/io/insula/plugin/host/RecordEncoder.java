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
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/**
 * Writes one record. Values are checked against their shapes one by one, since a plugin's lists and maps may hold what
 * their declaration forbids. Used by one thread.
 */
final class RecordEncoder {
    private final RecordShapes shapes;
    private final JsonGenerator json;
    private final int maxDepth;

    RecordEncoder(RecordShapes shapes, JsonGenerator json, int maxDepth) {
        this.shapes = shapes;
        this.json = json;
        this.maxDepth = maxDepth;
    }

    void write(Record value) throws RecordMismatchException, RecordThrew {
        write(value, Place.WHOLE);
    }

    private void write(Record record, Place place) throws RecordMismatchException, RecordThrew {
        RecordChecks.checkDepth(place, maxDepth);
        json.writeStartObject();
        for (var component : shapes.of(record.getClass()).components()) {
            var at = place.component(component.name());
            var value = read(record, component, at);
            if (component.optional() && value instanceof Optional<?> optional) {
                if (optional.isEmpty()) {
                    continue;
                }
                value = optional.get();
            }
            json.writeName(component.name());
            write(value, component.shape(), component.bounds(), at);
        }
        json.writeEndObject();
    }

    private static @Nullable Object read(Record record, Component component, Place place) throws RecordThrew {
        try {
            return component.accessor().invoke(record);
        } catch (InvocationTargetException e) {
            throw new RecordThrew(place, PluginFault.of(e));
        } catch (IllegalAccessException e) {
            throw new IllegalStateException("the accessor was made accessible when its shape was read", e);
        }
    }

    private void write(@Nullable Object value, ValueShape shape, Bounds bounds, Place place)
            throws RecordMismatchException, RecordThrew {
        if (value == null) {
            throw place.mismatch("is null");
        }
        switch (shape) {
            case Scalar scalar -> write(value, scalar, bounds, place);
            case Enumeration enumeration when value instanceof Enum<?> constant
                    && enumeration.constants().get(constant.name()) == constant -> json.writeString(constant.name());
            case Nested nested when value.getClass() == nested.type() && value instanceof Record record -> write(record,
                    place);
            case Sequence sequence when value instanceof List<?> list -> writeList(list, sequence, bounds, place);
            case Dictionary dictionary when value instanceof Map<?, ?> map -> writeMap(map, dictionary, bounds, place);
            case Enumeration _,Nested _,Sequence _,Dictionary _ -> throw place.mismatch("is not of its declared type");
        }
    }

    private void write(Object value, Scalar scalar, Bounds bounds, Place place) throws RecordMismatchException {
        switch (scalar) {
            case STRING -> {
                var text = as(String.class, value, place);
                RecordChecks.checkText(text, bounds, place);
                json.writeString(text);
            }
            case BOOLEAN -> json.writeBoolean(as(Boolean.class, value, place));
            case INT -> {
                int number = as(Integer.class, value, place);
                RecordChecks.checkRange(number, bounds, place);
                json.writeNumber(number);
            }
            case LONG -> {
                long number = as(Long.class, value, place);
                RecordChecks.checkRange(number, bounds, place);
                json.writeNumber(number);
            }
            case DOUBLE -> {
                double number = as(Double.class, value, place);
                RecordChecks.checkRange(number, bounds, place);
                json.writeNumber(number);
            }
            case DECIMAL -> {
                var number = as(BigDecimal.class, value, place);
                RecordChecks.checkDigits(number, place);
                RecordChecks.checkRange(number, bounds, place);
                json.writeNumber(number.toString());
            }
            case INSTANT -> json.writeString(as(Instant.class, value, place).toString());
            case DATE -> json.writeString(as(LocalDate.class, value, place).toString());
            case DURATION -> json.writeString(as(Duration.class, value, place).toString());
        }
    }

    /** Exactly the type: a subclass of BigDecimal could write JSON of its own. */
    private static <T> T as(Class<T> type, Object value, Place place) throws RecordMismatchException {
        if (value.getClass() != type) {
            throw place.mismatch("is not of its declared type");
        }
        return type.cast(value);
    }

    private void writeList(List<?> list, Sequence sequence, Bounds bounds, Place place)
            throws RecordMismatchException, RecordThrew {
        RecordChecks.checkDepth(place, maxDepth);
        json.writeStartArray();
        var index = 0;
        for (var element : list) {
            RecordChecks.checkSize(index + 1, bounds, place);
            write(element, sequence.element(), Bounds.NONE, place.element(index));
            index++;
        }
        json.writeEndArray();
    }

    private void writeMap(Map<?, ?> map, Dictionary dictionary, Bounds bounds, Place place)
            throws RecordMismatchException, RecordThrew {
        RecordChecks.checkDepth(place, maxDepth);
        json.writeStartObject();
        var names = new HashSet<String>();
        for (var entry : map.entrySet()) {
            RecordChecks.checkSize(names.size() + 1, bounds, place);
            var at = place.element(names.size());
            var name = as(String.class, notNull(entry.getKey(), at), at);
            RecordChecks.checkText(name, Bounds.NONE, at);
            if (!names.add(name)) {
                throw at.mismatch("has the key of another entry");
            }
            json.writeName(name);
            write(entry.getValue(), dictionary.value(), Bounds.NONE, at);
        }
        json.writeEndObject();
    }

    private static Object notNull(@Nullable Object key, Place place) throws RecordMismatchException {
        if (key == null) {
            throw place.mismatch("has a null key");
        }
        return key;
    }
}
