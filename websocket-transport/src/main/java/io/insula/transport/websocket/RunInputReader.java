package io.insula.transport.websocket;

import io.insula.agent.AttachmentId;
import io.insula.agent.RunId;
import io.insula.agent.ThreadId;
import io.insula.engine.api.AnswerRequest;
import io.insula.engine.api.ErrorCode;
import io.insula.engine.api.WhenBusy;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/**
 * Reads a {@code RunAgentInput} of AG-UI 1.0 while it comes in. A client sends its whole conversation each time, of which
 * nothing is kept but the user's last messages; members that mean nothing here are passed over, as AG-UI wants it. Safe
 * for any number of threads.
 */
final class RunInputReader {
    /** The conversation is the stored one: what the client has of it only tells where the new input begins. */
    private static final Set<String> ROLES_OF_AGENTS = Set.of("assistant", "tool", "reasoning");

    private final JsonFactory json = StrictJson.streaming();

    /**
     * Blocks while it reads.
     *
     * @throws tools.jackson.core.JacksonException if it is no JSON in UTF-8, or cannot be read
     */
    RunInput read(InputStream body) throws UnreadableMessage {
        // Told the bytes alone, the library would also take other encodings than ours.
        var text = new InputStreamReader(body, StandardCharsets.UTF_8.newDecoder());
        try (JsonParser parser = json.createParser(ObjectReadContext.empty(), text)) {
            var draft = new Draft();
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw noObject("The body must be one JSON object: a RunAgentInput of AG-UI.");
            }
            Set<String> seen = new HashSet<>();
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                String name = parser.currentName();
                parser.nextToken();
                if (Draft.MEMBERS.contains(name) && !seen.add(name)) {
                    throw invalid("\"" + name + "\" is there twice.");
                }
                draft.read(name, parser);
            }
            if (parser.nextToken() != null) {
                throw noObject("Something follows the body's JSON object.");
            }
            return draft.input();
        }
    }

    private static UnreadableMessage noObject(String message) {
        return new UnreadableMessage(ErrorCode.MESSAGE_INVALID, message, Optional.empty());
    }

    private static UnreadableMessage invalid(String message) {
        return new UnreadableMessage(ErrorCode.FIELD_INVALID, message, Optional.empty());
    }

    private static String text(String name, JsonParser parser) throws UnreadableMessage {
        if (parser.currentToken() != JsonToken.VALUE_STRING) {
            throw invalid("\"" + name + "\" must be a string.");
        }
        return parser.getString();
    }

    private static void expect(JsonToken token, JsonParser parser, String what) throws UnreadableMessage {
        if (parser.currentToken() != token) {
            throw invalid(what);
        }
    }

    private static <T> T id(String name, String value, Function<String, T> make) throws UnreadableMessage {
        try {
            return make.apply(value);
        } catch (IllegalArgumentException e) {
            throw invalid("\"" + name + "\" must be 1 to " + RunId.MAX_LENGTH + " letters, digits and . _ ~ : -");
        }
    }

    /** One entry of {@code resume}, as it was read. */
    private record Entry(String interrupt, String status, Member payload) {}

    /** What has been read so far. */
    private static final class Draft {
        private static final Set<String> MEMBERS = Set.of("threadId", "runId", "messages", "forwardedProps", "resume");

        private String thread = "";
        private String run = "";
        private final List<String> texts = new ArrayList<>();
        private final List<AttachmentId> attachments = new ArrayList<>();
        private Optional<WhenBusy> whenBusy = Optional.empty();
        private final List<Entry> resume = new ArrayList<>();

        void read(String name, JsonParser parser) throws UnreadableMessage {
            switch (name) {
                case "threadId" -> thread = text(name, parser);
                case "runId" -> run = text(name, parser);
                case "messages" -> messages(parser);
                case "forwardedProps" -> forwardedProps(parser);
                case "resume" -> resume(parser);
                default -> parser.skipChildren();
            }
        }

        RunInput input() throws UnreadableMessage {
            return new RunInput(
                    id("threadId", thread, ThreadId::new),
                    id("runId", run, RunId::new),
                    texts,
                    attachments,
                    whenBusy,
                    resumed());
        }

        private void messages(JsonParser parser) throws UnreadableMessage {
            expect(JsonToken.START_ARRAY, parser, "\"messages\" must be an array.");
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                expect(JsonToken.START_OBJECT, parser, "Each of \"messages\" must be an object.");
                message(parser);
            }
        }

        private void message(JsonParser parser) throws UnreadableMessage {
            String role = "";
            String words = "";
            List<AttachmentId> files = new ArrayList<>();
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                String name = parser.currentName();
                JsonToken value = parser.nextToken();
                if (name.equals("role")) {
                    role = text(name, parser);
                } else if (name.equals("content") && value == JsonToken.VALUE_STRING) {
                    words = parser.getString();
                } else if (name.equals("content") && value == JsonToken.START_ARRAY) {
                    words = parts(parser, files);
                } else {
                    parser.skipChildren();
                }
            }
            if (role.equals("user")) {
                texts.add(words);
                attachments.addAll(files);
            } else if (ROLES_OF_AGENTS.contains(role)) {
                texts.clear();
                attachments.clear();
            }
        }

        private static String parts(JsonParser parser, List<AttachmentId> files) throws UnreadableMessage {
            List<String> words = new ArrayList<>();
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                expect(JsonToken.START_OBJECT, parser, "Each part of a message must be an object.");
                while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                    String name = parser.currentName();
                    JsonToken value = parser.nextToken();
                    if (name.equals("text") && value == JsonToken.VALUE_STRING) {
                        words.add(parser.getString());
                    } else if (name.equals("source") && value == JsonToken.START_OBJECT) {
                        source(parser, files);
                    } else {
                        parser.skipChildren();
                    }
                }
            }
            return String.join("\n", words);
        }

        /** A file uploaded before. AG-UI wants it that parts which are of no use are passed over. */
        private static void source(JsonParser parser, List<AttachmentId> files) throws UnreadableMessage {
            String type = "";
            String provider = "";
            String value = "";
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                String name = parser.currentName();
                boolean isText = parser.nextToken() == JsonToken.VALUE_STRING;
                if (isText && name.equals("type")) {
                    type = parser.getString();
                } else if (isText && name.equals("provider")) {
                    provider = parser.getString();
                } else if (isText && name.equals("value")) {
                    value = parser.getString();
                } else {
                    parser.skipChildren();
                }
            }
            if (type.equals("file") && provider.equals("insula")) {
                files.add(id("value", value, AttachmentId::new));
            }
        }

        private void forwardedProps(JsonParser parser) throws UnreadableMessage {
            if (parser.currentToken() != JsonToken.START_OBJECT) {
                parser.skipChildren();
                return;
            }
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                String name = parser.currentName();
                if (parser.nextToken() == JsonToken.START_OBJECT && name.equals("insula")) {
                    ours(parser);
                } else {
                    parser.skipChildren();
                }
            }
        }

        private void ours(JsonParser parser) throws UnreadableMessage {
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                String name = parser.currentName();
                parser.nextToken();
                if (!name.equals("whenBusy")) {
                    throw invalid("\"forwardedProps.insula\" has no such member; it has: whenBusy.");
                }
                String word = text(name, parser);
                for (WhenBusy value : WhenBusy.values()) {
                    if (MessageMembers.word(value).equals(word)) {
                        whenBusy = Optional.of(value);
                    }
                }
                if (whenBusy.isEmpty()) {
                    throw invalid("\"whenBusy\" must be one of: enqueue, reject, interrupt, rollback.");
                }
            }
        }

        private void resume(JsonParser parser) throws UnreadableMessage {
            expect(JsonToken.START_ARRAY, parser, "\"resume\" must be an array.");
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                expect(JsonToken.START_OBJECT, parser, "Each of \"resume\" must be an object.");
                resume.add(entry(parser));
            }
        }

        private static Entry entry(JsonParser parser) throws UnreadableMessage {
            String interrupt = "";
            String status = "";
            Member payload = new Member.Other();
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                String name = parser.currentName();
                parser.nextToken();
                switch (name) {
                    case "interruptId" -> interrupt = text(name, parser);
                    case "status" -> status = text(name, parser);
                    case "payload" -> payload = payload(parser);
                    default -> parser.skipChildren();
                }
            }
            return new Entry(interrupt, status, payload);
        }

        private static Member payload(JsonParser parser) {
            return parser.currentToken() == JsonToken.START_OBJECT
                    ? approval(parser)
                    : MessageReader.value(parser);
        }

        /** An approval is a flag, or {@code {"approved": FLAG}}; with anything beside it, it is none that we know. */
        private static Member approval(JsonParser parser) {
            Member approved = new Member.Other();
            boolean alone = true;
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                boolean isApproved = parser.currentName().equals("approved");
                parser.nextToken();
                if (isApproved) {
                    approved = MessageReader.value(parser);
                } else {
                    alone = false;
                    parser.skipChildren();
                }
            }
            return alone && approved instanceof Member.Flag ? approved : new Member.Other();
        }

        private Optional<RunInput.Resume> resumed() throws UnreadableMessage {
            if (resume.isEmpty()) {
                return Optional.empty();
            }
            if (resume.size() > 1) {
                throw invalid("\"resume\" has one entry: a run asks one question at a time here.");
            }
            Entry entry = resume.getFirst();
            InterruptId interrupt = InterruptId.read(entry.interrupt())
                    .orElseThrow(() -> new UnreadableMessage(
                            ErrorCode.QUESTION_UNKNOWN,
                            "\"interruptId\" is none that was given out here.",
                            Optional.empty()));
            return switch (entry.status()) {
                case "resolved" -> Optional.of(new RunInput.Resume(interrupt, Optional.of(answer(entry.payload()))));
                case "cancelled" -> Optional.of(new RunInput.Resume(interrupt, Optional.empty()));
                default -> throw invalid("\"status\" must be \"resolved\" or \"cancelled\".");
            };
        }

        private static AnswerRequest.Content answer(Member payload) throws UnreadableMessage {
            return switch (payload) {
                case Member.Flag(boolean approved) -> new AnswerRequest.Content.Approval(approved);
                case Member.Text(String text) -> new AnswerRequest.Content.Words(text);
                case Member.Texts(List<String> values) when !values.isEmpty() -> {
                    List<AttachmentId> files = new ArrayList<>();
                    for (String value : values) {
                        files.add(id("payload", value, AttachmentId::new));
                    }
                    yield new AnswerRequest.Content.Files(files);
                }
                default -> throw new UnreadableMessage(
                        ErrorCode.ANSWER_INVALID,
                        "\"payload\" must be as the interrupt's responseSchema says: true or false, a string, or an array"
                                + " of attachment ids.",
                        Optional.empty());
            };
        }
    }
}
