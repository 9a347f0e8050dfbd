package io.insula.transport.websocket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import io.insula.engine.api.RunRequest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import tools.jackson.core.JacksonException;

/** Whatever is sent is a message, whose members another reader of JSON finds too, or refused in our own words. */
final class MessageTarget {
    private static final int MOST_BYTES = 4_096;
    private static final int LONGEST_REFUSAL = 512;

    private final MessageReader messages = new MessageReader(MOST_BYTES);
    private final RunInputReader inputs = new RunInputReader();

    /** Reads it as a message of a connection, as the body of a request, and as an input of AG-UI. */
    void run(byte[] data) throws IOException {
        String text = new String(data, StandardCharsets.UTF_8);
        message(text);
        body(text);
        input(data);
    }

    private void message(String text) throws IOException {
        try {
            ClientMessage message = messages.read(text);
            JsonObject members = object(text);
            assertEquals(members.get("id").getAsString(), message.id());
            if (message instanceof ClientMessage.RunStart start) {
                assertEquals(members.get("input").getAsString(), start.request().input());
            }
        } catch (UnreadableMessage e) {
            assertRefusal(e);
        }
    }

    private void body(String text) throws IOException {
        try {
            MessageMembers body = messages.readBody(text, MessageReader.RUN_START);
            for (String name : object(text).keySet()) {
                assertTrue(body.has(name), name);
            }
            RunRequest request = MessageReader.runRequest(body);
            assertEquals(object(text).get("input").getAsString(), request.input());
        } catch (UnreadableMessage e) {
            assertRefusal(e);
        }
    }

    private void input(byte[] json) throws IOException {
        try {
            RunInput input = inputs.read(new ByteArrayInputStream(json));
            JsonObject members = object(new String(json, StandardCharsets.UTF_8));
            assertEquals(members.get("runId").getAsString(), input.run().value());
            assertEquals(members.get("threadId").getAsString(), input.thread().value());
        } catch (UnreadableMessage e) {
            assertRefusal(e);
        } catch (JacksonException e) {
            // No JSON in UTF-8, which whoever reads the body tells the peer in words of our own.
            assertTrue(e.getCause() == null || e.getCause() instanceof CharacterCodingException, e.toString());
        }
    }

    private static void assertRefusal(UnreadableMessage e) {
        assertTrue(e.getMessage().length() <= LONGEST_REFUSAL, e.getMessage());
        assertTrue(e.getMessage().chars().allMatch(c -> c >= ' ' && c < 127), e.getMessage());
    }

    private static JsonObject object(String text) throws IOException {
        try (var reader = new JsonReader(new StringReader(text))) {
            reader.setStrictness(Strictness.STRICT);
            return JsonParser.parseReader(reader).getAsJsonObject();
        }
    }
}
