package io.insula.plugin.host;

import static java.util.Objects.requireNonNull;

import io.insula.agent.Describe;
import io.insula.agent.hosting.RecordMismatchException;
import io.insula.plugin.host.RecordShape.Bounds;
import io.insula.plugin.host.RecordShape.Component;
import io.insula.plugin.host.ValueShape.Dictionary;
import io.insula.plugin.host.ValueShape.Enumeration;
import io.insula.plugin.host.ValueShape.Nested;
import io.insula.plugin.host.ValueShape.Scalar;
import io.insula.plugin.host.ValueShape.Sequence;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The shapes of the record types of one plugin, read once each. Safe for any number of threads.
 *
 * <p>It holds at most one shape per record class that the plugin has, and goes with the plugin.
 */
final class RecordShapes {
    private static final Map<Class<?>, Scalar> SCALARS = Map.ofEntries(Map.entry(String.class, Scalar.STRING),
            Map.entry(boolean.class, Scalar.BOOLEAN), Map.entry(Boolean.class, Scalar.BOOLEAN),
            Map.entry(int.class, Scalar.INT), Map.entry(Integer.class, Scalar.INT), Map.entry(long.class, Scalar.LONG),
            Map.entry(Long.class, Scalar.LONG), Map.entry(double.class, Scalar.DOUBLE),
            Map.entry(Double.class, Scalar.DOUBLE), Map.entry(BigDecimal.class, Scalar.DECIMAL),
            Map.entry(Instant.class, Scalar.INSTANT), Map.entry(LocalDate.class, Scalar.DATE),
            Map.entry(Duration.class, Scalar.DURATION));

    private final Map<Class<?>, RecordShape> shapes = new ConcurrentHashMap<>();
    private final int maxComponents;

    RecordShapes(int maxComponents) {
        this.maxComponents = maxComponents;
    }

    /**
     * The shape of a record type; the types nested in it are read as well.
     *
     * @throws RecordMismatchException naming the first component whose type or bounds are not supported
     */
    RecordShape of(Class<? extends Record> type) throws RecordMismatchException {
        var known = shapes.get(type);
        if (known != null) {
            return known;
        }
        var read = new HashMap<Class<?>, RecordShape>();
        var waiting = new ArrayDeque<Nested>();
        waiting.add(new Nested(type));
        while (!waiting.isEmpty()) {
            var next = waiting.remove().type();
            if (!read.containsKey(next)) {
                read.put(next, read(next, waiting));
            }
        }
        shapes.putAll(read);
        return requireNonNull(read.get(type));
    }

    private RecordShape read(Class<? extends Record> type, ArrayDeque<Nested> nested) throws RecordMismatchException {
        var declared = type.getRecordComponents();
        if (type.getTypeParameters().length > 0) {
            throw new RecordMismatchException(
                    "Record " + type.getName() + " has type parameters, which is not supported.");
        }
        if (declared.length > maxComponents) {
            throw new RecordMismatchException("Record " + type.getName() + " has more than " + maxComponents
                    + " components.");
        }
        var components = new ArrayList<Component>();
        for (var component : declared) {
            components.add(component(type, component, nested));
        }
        try {
            var types = List.of(declared).stream().map(RecordComponent::getType).toArray(Class<?>[]::new);
            var constructor = type.getDeclaredConstructor(types);
            constructor.setAccessible(true);
            return new RecordShape(type, constructor, List.copyOf(components));
        } catch (NoSuchMethodException e) {
            throw new IllegalStateException("a record has a canonical constructor", e);
        }
    }

    private static Component component(Class<?> owner, RecordComponent component, ArrayDeque<Nested> nested)
            throws RecordMismatchException {
        var name = owner.getName() + "." + component.getName();
        var type = component.getGenericType();
        var optional = component.getType() == Optional.class;
        if (optional) {
            type = argument(type, 0, name);
        }
        var shape = shape(type, name, nested);
        var accessor = component.getAccessor();
        accessor.setAccessible(true);
        return new Component(component.getName(), accessor, optional, shape, bounds(component, shape, name));
    }

    private static ValueShape shape(Type type, String name, ArrayDeque<Nested> nested) throws RecordMismatchException {
        if (type instanceof Class<?> plain) {
            var scalar = SCALARS.get(plain);
            if (scalar != null) {
                return scalar;
            }
            if (plain.isEnum()) {
                return enumeration(plain);
            }
            if (plain.isRecord()) {
                var record = new Nested(plain.asSubclass(Record.class));
                nested.add(record);
                return record;
            }
        }
        if (type instanceof ParameterizedType generic && generic.getRawType() == List.class) {
            return new Sequence(shape(argument(type, 0, name), name, nested));
        }
        if (type instanceof ParameterizedType generic && generic.getRawType() == Map.class
                && argument(type, 0, name) == String.class) {
            return new Dictionary(shape(argument(type, 1, name), name, nested));
        }
        throw new RecordMismatchException("Component " + name + " has the type " + PlainText.of(type.getTypeName(), 200)
                + ". Supported are String, boolean, int, long, double and their boxes, BigDecimal, Instant, LocalDate,"
                + " Duration, enums, records, List and Map<String, …> of these; Optional only around a whole component.");
    }

    private static Type argument(Type type, int index, String name) throws RecordMismatchException {
        if (type instanceof ParameterizedType generic) {
            return generic.getActualTypeArguments()[index];
        }
        throw new RecordMismatchException("Component " + name + " has a type without its type arguments.");
    }

    private static Enumeration enumeration(Class<?> type) {
        var constants = new LinkedHashMap<String, Enum<?>>();
        for (var constant : requireNonNull(type.getEnumConstants())) {
            var value = (Enum<?>) constant;
            constants.put(value.name(), value);
        }
        return new Enumeration(Collections.unmodifiableMap(constants));
    }

    private static Bounds bounds(RecordComponent component, ValueShape shape, String name)
            throws RecordMismatchException {
        var described = component.getAnnotation(Describe.class);
        if (described == null) {
            return Bounds.NONE;
        }
        var bounds = new Bounds(described.value(), described.minimum(), described.maximum(), described.maximumLength());
        var isNumber = shape == Scalar.INT || shape == Scalar.LONG || shape == Scalar.DOUBLE || shape == Scalar.DECIMAL;
        if ((bounds.hasMinimum() || bounds.hasMaximum()) && !isNumber) {
            throw new RecordMismatchException("Component " + name + " has a minimum or maximum, but is no number.");
        }
        var hasLength = shape == Scalar.STRING || shape instanceof Sequence || shape instanceof Dictionary;
        if (bounds.hasMaximumLength() && !hasLength) {
            throw new RecordMismatchException(
                    "Component " + name + " has a maximum length, but is no String, List or Map.");
        }
        if (bounds.minimum() > bounds.maximum() || bounds.maximumLength() < 0) {
            throw new RecordMismatchException("Component " + name + " has bounds that nothing can keep.");
        }
        return bounds;
    }
}
