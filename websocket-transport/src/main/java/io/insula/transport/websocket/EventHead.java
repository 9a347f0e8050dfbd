package io.insula.transport.websocket;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/**
 * Which event it is, and whose.
 *
 * @param type such as {@code TEXT_MESSAGE_START}
 * @param names the other members that name something, by member
 */
record EventHead(String type, Map<String, String> names) {
    private static final Set<String> NAMES =
            Set.of("messageId", "stepName", "toolCallId", "subagentRunId", "name", "threadId", "runId");

    EventHead {
        names = Map.copyOf(names);
    }

    /** Reads an event of the engine. */
    static EventHead read(JsonFactory json, String event) {
        Map<String, String> names = new HashMap<>();
        String type = "";
        try (JsonParser parser = json.createParser(ObjectReadContext.empty(), event)) {
            parser.nextToken();
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                String member = parser.currentName();
                if (parser.nextToken() == JsonToken.VALUE_STRING && member.equals("type")) {
                    type = parser.getString();
                } else if (parser.currentToken() == JsonToken.VALUE_STRING && NAMES.contains(member)) {
                    names.put(member, parser.getString());
                } else {
                    parser.skipChildren();
                }
            }
        }
        return new EventHead(type, names);
    }

    /** A name, empty if there is none. */
    String name(String member) {
        return names.getOrDefault(member, "");
    }

    /** Whether it is one of the events that AG-UI leaves to applications, of this name. */
    boolean isCustom(String name) {
        return type.equals("CUSTOM") && name("name").equals(name);
    }
}
