package io.insula.engine.user;

import java.util.HashMap;
import java.util.Map;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/** Reads the texts in events of ours. */
final class EventReader {
    private final JsonFactory json = new JsonFactory();

    /** The texts among the event's members, by name, and those of its {@code value} behind {@code value.}. */
    Map<String, String> texts(String event) {
        Map<String, String> texts = new HashMap<>();
        try (JsonParser parser = json.createParser(ObjectReadContext.empty(), event)) {
            parser.nextToken();
            read(parser, "", texts);
        }
        return texts;
    }

    private static void read(JsonParser parser, String prefix, Map<String, String> texts) {
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = prefix + parser.currentName();
            JsonToken token = parser.nextToken();
            if (token == JsonToken.VALUE_STRING) {
                texts.put(name, parser.getString());
            } else if (token == JsonToken.START_OBJECT && name.equals("value")) {
                read(parser, "value.", texts);
            } else {
                // What is no array and no object has no children.
                parser.skipChildren();
            }
        }
    }
}
