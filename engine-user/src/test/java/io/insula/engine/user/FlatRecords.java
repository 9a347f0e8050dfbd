package io.insula.engine.user;

import io.insula.agent.hosting.RecordCodec;
import io.insula.agent.hosting.RecordMismatchException;
import java.io.StringWriter;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/** Maps the flat records of our tests: strings, booleans, ints and longs. */
final class FlatRecords implements RecordCodec {
    private final JsonFactory json = new JsonFactory();

    @Override
    public String encode(Record value) throws RecordMismatchException {
        StringWriter text = new StringWriter();
        try (JsonGenerator generator = json.createGenerator(ObjectWriteContext.empty(), text)) {
            generator.writeStartObject();
            for (RecordComponent component : value.getClass().getRecordComponents()) {
                component.getAccessor().setAccessible(true);
                generator.writeName(component.getName());
                switch (component.getAccessor().invoke(value)) {
                    case String string -> generator.writeString(string);
                    case Boolean flag -> generator.writeBoolean(flag);
                    case Integer number -> generator.writeNumber(number);
                    case Long number -> generator.writeNumber(number);
                    case null, default -> throw new RecordMismatchException(component.getName() + ": unsupported");
                }
            }
            generator.writeEndObject();
        } catch (IllegalAccessException | InvocationTargetException e) {
            if (e.getCause() instanceof Error error) {
                // As if the codec itself had been hit: the engine must not rely on its promise alone.
                throw error;
            }
            throw new RecordMismatchException("a component cannot be read");
        }
        return text.toString();
    }

    @Override
    public <T extends Record> T decode(String text, Class<T> type) throws RecordMismatchException {
        Json object = parse(text);
        RecordComponent[] components = type.getRecordComponents();
        Set<String> names =
                Arrays.stream(components).map(RecordComponent::getName).collect(Collectors.toSet());
        if (!object.members().keySet().equals(names)) {
            throw new RecordMismatchException("members must be " + names);
        }
        Object[] values = new Object[components.length];
        for (int i = 0; i < components.length; i++) {
            values[i] = component(components[i], object);
        }
        Class<?>[] types = List.of(components).stream()
                .map(RecordComponent::getType)
                .toArray(Class<?>[]::new);
        try {
            var constructor = type.getDeclaredConstructor(types);
            constructor.setAccessible(true);
            return constructor.newInstance(values);
        } catch (ReflectiveOperationException e) {
            throw new RecordMismatchException("the record refused its components");
        }
    }

    private static Json parse(String text) throws RecordMismatchException {
        try {
            return Json.parse(text);
        } catch (JacksonException | IllegalArgumentException e) {
            throw new RecordMismatchException("not a JSON object");
        }
    }

    private static Object component(RecordComponent component, Json object) throws RecordMismatchException {
        Object value = object.members().get(component.getName());
        if (value instanceof String && component.getType() == String.class) {
            return value;
        }
        if (value instanceof Boolean && component.getType() == boolean.class) {
            return value;
        }
        if (value instanceof Long number && component.getType() == int.class) {
            return Math.toIntExact(number);
        }
        if (value instanceof Long && component.getType() == long.class) {
            return value;
        }
        throw new RecordMismatchException(component.getName() + " is of the wrong type");
    }
}
