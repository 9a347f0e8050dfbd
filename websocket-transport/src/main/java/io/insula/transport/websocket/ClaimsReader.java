package io.insula.transport.websocket;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/** Reads one JSON object of a token; doubled names, at any depth, make it unreadable. */
final class ClaimsReader {
    private static final int MAX_DEPTH = 8;

    private final JsonFactory json = StrictJson.factory(TokenVerifier.MAX_TOKEN_BYTES, MAX_DEPTH);

    Optional<Claims> read(String text) {
        try (JsonParser parser = json.createParser(ObjectReadContext.empty(), text)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return Optional.empty();
            }
            Map<String, Object> members = new HashMap<>();
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                String name = parser.currentName();
                parser.nextToken();
                members.put(name, value(parser));
            }
            return parser.nextToken() == null ? Optional.of(new Claims(members)) : Optional.empty();
        } catch (JacksonException e) {
            return Optional.empty();
        }
    }

    private static Object value(JsonParser parser) {
        if (parser.currentToken() == JsonToken.VALUE_STRING) {
            return parser.getString();
        }
        if (StrictJson.isWhole(parser)) {
            return parser.getLongValue();
        }
        if (parser.currentToken() == JsonToken.START_ARRAY) {
            return texts(parser);
        }
        parser.skipChildren();
        return Claims.Other.VALUE;
    }

    private static Object texts(JsonParser parser) {
        List<String> texts = new ArrayList<>();
        boolean onlyTexts = true;
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            if (parser.currentToken() == JsonToken.VALUE_STRING) {
                texts.add(parser.getString());
            } else {
                onlyTexts = false;
                parser.skipChildren();
            }
        }
        return onlyTexts ? List.copyOf(texts) : Claims.Other.VALUE;
    }
}
