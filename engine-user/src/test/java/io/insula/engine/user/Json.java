package io.insula.engine.user;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/** A JSON object as a test reads it. */
record Json(Map<String, Object> members) {
    private static final JsonFactory JSON = new JsonFactory();
    /** What stands for JSON's null in {@link #members}. */
    private static final Object NOTHING = Optional.empty();

    static Json parse(String text) {
        try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), text)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new IllegalArgumentException("not a JSON object");
            }
            Json whole = new Json(object(parser));
            if (parser.nextToken() != null) {
                throw new IllegalArgumentException("something follows the object");
            }
            return whole;
        }
    }

    private static Map<String, Object> object(JsonParser parser) {
        Map<String, Object> members = new LinkedHashMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            if (members.put(name, value(parser, parser.nextToken())) != null) {
                throw new IllegalArgumentException("member given twice: " + name);
            }
        }
        return members;
    }

    private static Object value(JsonParser parser, JsonToken token) {
        return switch (token) {
            case START_OBJECT -> object(parser);
            case START_ARRAY -> array(parser);
            case VALUE_STRING -> parser.getString();
            case VALUE_NUMBER_INT -> parser.getLongValue();
            case VALUE_NUMBER_FLOAT -> parser.getDoubleValue();
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case VALUE_NULL -> NOTHING;
            case NOT_AVAILABLE, END_OBJECT, END_ARRAY, PROPERTY_NAME,
                    VALUE_EMBEDDED_OBJECT -> throw new IllegalArgumentException(
                            "no value at " + parser.currentLocation());
        };
    }

    private static List<Object> array(JsonParser parser) {
        List<Object> elements = new ArrayList<>();
        JsonToken token = parser.nextToken();
        while (token != JsonToken.END_ARRAY) {
            elements.add(value(parser, token));
            token = parser.nextToken();
        }
        return elements;
    }

    boolean has(String name) {
        return members.containsKey(name);
    }

    /** A member that is a string. */
    String text(String name) {
        return find(name).orElseThrow(() -> new AssertionError("no \"" + name + "\" in " + members));
    }

    Optional<String> find(String name) {
        return members.get(name) instanceof String text ? Optional.of(text) : Optional.empty();
    }

    /** A member that is an object. */
    Json object(String name) {
        if (members.get(name) instanceof Map<?, ?> object) {
            Map<String, Object> copy = new LinkedHashMap<>();
            object.forEach((key, value) -> copy.put(String.valueOf(key), value));
            return new Json(copy);
        }
        throw new AssertionError("no object \"" + name + "\" in " + members);
    }
}
