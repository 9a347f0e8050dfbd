package io.insula.app;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Reads and writes the JSON of the protocol. */
final class Json {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private Json() {}

    /** Reads an object; what is none reads as an empty one, whose members are all missing. */
    static JsonNode object(String text) {
        try {
            var node = MAPPER.readTree(text);
            return node.isObject() ? node : object();
        } catch (JacksonException e) {
            return object();
        }
    }

    /** A new object. */
    static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }
}
