package io.insula.transport.websocket;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/**
 * A question of a run, as its event tells it.
 *
 * @param id unique within the run
 * @param kind {@code approval}, {@code choice}, {@code text} or {@code files}
 * @param text what to show
 * @param options the options of a choice
 * @param expiresAt until when it can be answered
 */
record AskedQuestion(String id, String kind, String text, List<String> options, String expiresAt) {
    AskedQuestion {
        options = List.copyOf(options);
    }

    /** Reads the {@code value} of the event. */
    static AskedQuestion read(JsonFactory json, String event) {
        Map<String, String> texts = new HashMap<>();
        List<String> options = new ArrayList<>();
        try (JsonParser parser = json.createParser(ObjectReadContext.empty(), event)) {
            parser.nextToken();
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                boolean isValue = parser.currentName().equals("value");
                if (parser.nextToken() == JsonToken.START_OBJECT && isValue) {
                    readValue(parser, texts, options);
                } else {
                    parser.skipChildren();
                }
            }
        }
        return new AskedQuestion(
                texts.getOrDefault("question", ""),
                texts.getOrDefault("kind", ""),
                texts.getOrDefault("text", ""),
                options,
                texts.getOrDefault("expiresAt", ""));
    }

    private static void readValue(JsonParser parser, Map<String, String> texts, List<String> options) {
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String member = parser.currentName();
            if (parser.nextToken() == JsonToken.VALUE_STRING) {
                texts.put(member, parser.getString());
            } else if (parser.currentToken() == JsonToken.START_ARRAY && member.equals("options")) {
                while (parser.nextToken() == JsonToken.VALUE_STRING) {
                    options.add(parser.getString());
                }
            } else {
                parser.skipChildren();
            }
        }
    }

    /** Writes it as an interrupt of AG-UI; its sub-agent, if any, is the writer's. */
    void interruptMembers(JsonGenerator out, InterruptId interrupt) {
        out.writeStringProperty("id", interrupt.text());
        out.writeStringProperty("reason", kind.equals("approval") ? "confirmation" : "input_required");
        out.writeStringProperty("message", text);
        out.writeName("responseSchema").writeStartObject();
        switch (kind) {
            case "approval" -> out.writeStringProperty("type", "boolean");
            case "files" -> {
                out.writeStringProperty("type", "array");
                out.writeNumberProperty("minItems", 1);
                out.writeName("items").writeStartObject();
                out.writeStringProperty("type", "string");
                out.writeStringProperty("description", "The id of an attachment uploaded before.");
                out.writeEndObject();
            }
            default -> out.writeStringProperty("type", "string");
        }
        if (!options.isEmpty()) {
            out.writeName("enum").writeStartArray();
            options.forEach(out::writeString);
            out.writeEndArray();
        }
        out.writeEndObject();
        out.writeStringProperty("expiresAt", expiresAt);
        out.writeName("metadata").writeStartObject();
        out.writeName("insula").writeStartObject();
        out.writeStringProperty("run", interrupt.run().value());
        out.writeStringProperty("question", id);
        out.writeStringProperty("kind", kind);
        out.writeEndObject();
        out.writeEndObject();
    }
}
