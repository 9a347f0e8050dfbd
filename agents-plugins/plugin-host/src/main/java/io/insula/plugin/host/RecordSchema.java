package io.insula.plugin.host;

import io.insula.agent.hosting.RecordMismatchException;
import io.insula.plugin.host.RecordShape.Bounds;
import io.insula.plugin.host.RecordShape.Component;
import io.insula.plugin.host.ValueShape.Dictionary;
import io.insula.plugin.host.ValueShape.Enumeration;
import io.insula.plugin.host.ValueShape.Nested;
import io.insula.plugin.host.ValueShape.Scalar;
import io.insula.plugin.host.ValueShape.Sequence;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import tools.jackson.core.JsonGenerator;

/** Writes the JSON schema (2020-12) of one record type; records in it stand under {@code $defs}. Used by one thread. */
final class RecordSchema {
    private final RecordShapes shapes;
    private final JsonGenerator json;
    private final Map<Class<?>, String> references = new LinkedHashMap<>();
    private final Set<String> names = new HashSet<>();
    private final ArrayDeque<Nested> waiting = new ArrayDeque<>();

    RecordSchema(RecordShapes shapes, JsonGenerator json) {
        this.shapes = shapes;
        this.json = json;
    }

    void write(Class<? extends Record> type) throws RecordMismatchException {
        references.put(type, "#");
        json.writeStartObject();
        json.writeStringProperty("$schema", "https://json-schema.org/draft/2020-12/schema");
        writeMembers(shapes.of(type));
        if (!waiting.isEmpty()) {
            json.writeName("$defs");
            json.writeStartObject();
            while (!waiting.isEmpty()) {
                var nested = waiting.remove().type();
                json.writeName(nameOf(nested));
                json.writeStartObject();
                writeMembers(shapes.of(nested));
                json.writeEndObject();
            }
            json.writeEndObject();
        }
        json.writeEndObject();
    }

    private void writeMembers(RecordShape shape) {
        json.writeStringProperty("type", "object");
        json.writeName("properties");
        json.writeStartObject();
        for (var component : shape.components()) {
            json.writeName(component.name());
            json.writeStartObject();
            if (!component.bounds().description().isEmpty()) {
                json.writeStringProperty("description", component.bounds().description());
            }
            writeValue(component.shape(), component.bounds());
            json.writeEndObject();
        }
        json.writeEndObject();
        json.writeName("required");
        json.writeStartArray();
        shape.components().stream().filter(component -> !component.optional()).map(Component::name)
                .forEach(json::writeString);
        json.writeEndArray();
        json.writeBooleanProperty("additionalProperties", false);
    }

    private void writeValue(ValueShape shape, Bounds bounds) {
        switch (shape) {
            case Scalar scalar -> writeScalar(scalar, bounds);
            case Enumeration(var constants) -> {
                json.writeStringProperty("type", "string");
                json.writeName("enum");
                json.writeStartArray();
                constants.keySet().forEach(json::writeString);
                json.writeEndArray();
            }
            case Nested nested -> json.writeStringProperty("$ref", referenceTo(nested));
            case Sequence(var element) -> {
                json.writeStringProperty("type", "array");
                writeInner("items", element);
                writeMaximum("maxItems", bounds);
            }
            case Dictionary(var value) -> {
                json.writeStringProperty("type", "object");
                writeInner("additionalProperties", value);
                writeMaximum("maxProperties", bounds);
            }
        }
    }

    private void writeInner(String name, ValueShape shape) {
        json.writeName(name);
        json.writeStartObject();
        writeValue(shape, Bounds.NONE);
        json.writeEndObject();
    }

    private void writeMaximum(String name, Bounds bounds) {
        if (bounds.hasMaximumLength()) {
            json.writeNumberProperty(name, bounds.maximumLength());
        }
    }

    private void writeScalar(Scalar scalar, Bounds bounds) {
        switch (scalar) {
            case STRING -> {
                json.writeStringProperty("type", "string");
                writeMaximum("maxLength", bounds);
            }
            case BOOLEAN -> json.writeStringProperty("type", "boolean");
            case INT, LONG -> writeNumber("integer", bounds);
            case DOUBLE, DECIMAL -> writeNumber("number", bounds);
            case INSTANT -> writeFormat("date-time");
            case DATE -> writeFormat("date");
            case DURATION -> writeFormat("duration");
        }
    }

    private void writeNumber(String type, Bounds bounds) {
        json.writeStringProperty("type", type);
        if (bounds.hasMinimum()) {
            json.writeNumberProperty("minimum", bounds.minimum());
        }
        if (bounds.hasMaximum()) {
            json.writeNumberProperty("maximum", bounds.maximum());
        }
    }

    private void writeFormat(String format) {
        json.writeStringProperty("type", "string");
        json.writeStringProperty("format", format);
    }

    private String referenceTo(Nested nested) {
        var known = references.get(nested.type());
        if (known != null) {
            return known;
        }
        var name = nested.type().getSimpleName();
        for (var number = 2; !names.add(name); number++) {
            name = nested.type().getSimpleName() + number;
        }
        references.put(nested.type(), "#/$defs/" + name);
        waiting.add(nested);
        return "#/$defs/" + name;
    }

    private String nameOf(Class<?> nested) {
        return String.valueOf(references.get(nested)).substring("#/$defs/".length());
    }
}
