package io.insula.engine.user;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.util.JsonRecyclerPools;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The members of a JSON object that the journal wrote. Everything must be as it was written: what is missing, of
 * another type or left over at {@link #end} is an {@link IllegalArgumentException}.
 */
final class JsonFields {
    /** Keeps no buffers: what one user said would stay in them, past an erase, until somebody else says more. */
    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
            .recyclerPool(JsonRecyclerPools.nonRecyclingPool())
            .build())
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private final JsonNode object;
    private final Set<String> rest;

    private JsonFields(JsonNode object) {
        if (!object.isObject()) {
            throw new IllegalArgumentException("the journal holds JSON that is no object");
        }
        this.object = object;
        this.rest = new HashSet<>(object.propertyNames());
    }

    static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    static ArrayNode array() {
        return JsonNodeFactory.instance.arrayNode();
    }

    static JsonFields parse(String json) {
        return new JsonFields(tree(json));
    }

    static <T> List<T> parseList(String json, Function<JsonFields, T> read) {
        return elements(tree(json), node -> read.apply(new JsonFields(node)));
    }

    /** As JSON; a node's own {@code toString} would write through the library's buffers, which are kept. */
    static String text(JsonNode node) {
        // Most lists are empty, and a JSON writer makes buffers for each.
        if (node.isArray() && node.isEmpty()) {
            return "[]";
        }
        return MAPPER.writeValueAsString(node);
    }

    private static JsonNode tree(String json) {
        try {
            return MAPPER.readTree(json);
        } catch (JacksonException e) {
            throw new IllegalArgumentException("the journal holds what is no JSON", e);
        }
    }

    private static <T> List<T> elements(JsonNode array, Function<JsonNode, T> read) {
        if (!array.isArray()) {
            throw new IllegalArgumentException("the journal holds JSON that is no array");
        }
        List<T> found = new ArrayList<>();
        array.forEach(node -> found.add(read.apply(node)));
        return found;
    }

    private JsonNode member(String name) {
        rest.remove(name);
        JsonNode member = object.get(name);
        if (member == null) {
            throw new IllegalArgumentException("the journal holds JSON without \"" + name + "\"");
        }
        return member;
    }

    private static String string(JsonNode node) {
        if (!node.isString()) {
            throw new IllegalArgumentException("the journal holds JSON where a string is no string");
        }
        return node.stringValue();
    }

    String string(String name) {
        return string(member(name));
    }

    Optional<String> optional(String name) {
        return has(name) ? Optional.of(string(name)) : Optional.empty();
    }

    long number(String name) {
        JsonNode node = member(name);
        if (!node.isIntegralNumber() || !node.canConvertToLong()) {
            throw new IllegalArgumentException("the journal holds JSON where \"" + name + "\" is no number");
        }
        return node.longValue();
    }

    boolean flag(String name) {
        JsonNode node = member(name);
        if (!node.isBoolean()) {
            throw new IllegalArgumentException("the journal holds JSON where \"" + name + "\" is no truth value");
        }
        return node.booleanValue();
    }

    boolean has(String name) {
        return object.has(name);
    }

    List<String> strings(String name) {
        return elements(member(name), JsonFields::string);
    }

    <T> List<T> list(String name, Function<JsonFields, T> read) {
        return elements(member(name), node -> read.apply(new JsonFields(node)));
    }

    /** Everything was read. */
    void end() {
        if (!rest.isEmpty()) {
            throw new IllegalArgumentException("the journal holds JSON with members that nobody knows: " + rest);
        }
    }
}
