package io.insula.transport.websocket;

import io.insula.agent.RunId;
import io.insula.engine.api.AnswerRequest;
import io.insula.engine.api.ErrorCode;
import io.insula.engine.api.Position;
import io.insula.engine.api.RunRequest;
import io.insula.engine.api.SubscribeFrom;
import io.insula.engine.api.WhenBusy;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/** Turns the text of a client into a message, or says what is wrong with it. Safe for any number of threads. */
final class MessageReader {
    private static final int MAX_DEPTH = 8;
    private static final int MAX_ID_LENGTH = 64;
    private static final int MAX_MEMBERS = 32;
    private static final int MAX_ARRAY_LENGTH = 1_000;
    private static final String TYPES =
            "run.start, run.cancel, run.answer, run.read, runs.list, subscribe, snapshot, threads.list, thread.read,"
                    + " thread.rename, thread.delete, thread.fork, token.refresh, ping";

    /** What an input for an agent has. */
    static final List<String> RUN_START =
            List.of("request", "thread", "run", "agent", "input", "attachments", "whenBusy");

    /** What an answer to a question of a run has, besides the run. */
    static final List<String> ANSWER = List.of("request", "question", "answer", "attachments");

    private final JsonFactory json;

    MessageReader(int messageBytes) {
        json = StrictJson.factory(messageBytes, MAX_DEPTH);
    }

    /** The members of a request's body, of which there may be these. */
    MessageMembers readBody(String text, List<String> known) throws UnreadableMessage {
        Map<String, Member> members = new HashMap<>();
        readObject(text, members);
        MessageMembers body = new MessageMembers("body", "", members);
        if (members.containsKey("type") || members.containsKey("id")) {
            throw body.invalid("The body has neither \"type\" nor \"id\".");
        }
        body.allowOnly(Set.copyOf(known));
        return body;
    }

    private void readObject(String text, Map<String, Member> members) throws UnreadableMessage {
        try (JsonParser parser = json.createParser(ObjectReadContext.empty(), text)) {
            readMembers(parser, members);
        } catch (JacksonException e) {
            throw new UnreadableMessage(
                    ErrorCode.MESSAGE_INVALID,
                    "The message is no JSON object, names a member twice, or is nested too deep, near character "
                            + offset(e) + ".",
                    id(members));
        }
    }

    ClientMessage read(String text) throws UnreadableMessage {
        Map<String, Member> members = new HashMap<>();
        readObject(text, members);
        Optional<String> id = id(members);
        if (id.isEmpty()) {
            throw new UnreadableMessage(
                    ErrorCode.FIELD_INVALID,
                    "\"id\" must be a string of 1 to " + MAX_ID_LENGTH + " characters.",
                    id);
        }
        if (!(members.get("type") instanceof Member.Text type)) {
            throw new UnreadableMessage(ErrorCode.FIELD_INVALID, "\"type\" must be one of: " + TYPES + ".", id);
        }
        return message(type.value(), new MessageMembers(type.value(), id.get(), members));
    }

    private static ClientMessage message(String type, MessageMembers members) throws UnreadableMessage {
        String id = members.id();
        return switch (type) {
            case "run.start" -> runStart(members);
            case "run.cancel" -> new ClientMessage.RunCancel(id, only(members, "run").run());
            case "run.answer" -> runAnswer(members);
            case "run.read" -> new ClientMessage.RunRead(id, only(members, "run").run());
            case "runs.list" -> new ClientMessage.RunsList(id, only(members, "after", "size").page());
            case "subscribe" -> new ClientMessage.Subscribe(id, subscribeFrom(only(members, "after")));
            case "snapshot" -> new ClientMessage.ReadSnapshot(only(members).id());
            case "threads.list" -> new ClientMessage.ThreadsList(id, only(members, "after", "size").page());
            case "thread.read" -> new ClientMessage.ThreadRead(
                    id, only(members, "thread", "after", "size").thread(), members.page());
            case "thread.rename" -> new ClientMessage.ThreadRename(
                    id, only(members, "thread", "title").thread(), members.text("title"));
            case "thread.delete" -> new ClientMessage.ThreadDelete(id, only(members, "thread").thread());
            case "thread.fork" -> new ClientMessage.ThreadFork(
                    id,
                    only(members, "thread", "message", "newThread").thread(),
                    members.text("message"),
                    members.optionalNewThread());
            case "token.refresh" -> new ClientMessage.TokenRefresh(
                    id, only(members, "token").text("token"));
            case "ping" -> new ClientMessage.Ping(only(members).id());
            default -> throw new UnreadableMessage(
                    ErrorCode.MESSAGE_TYPE_UNKNOWN,
                    "There is no message type " + MessageMembers.echo(type) + "; there are: " + TYPES + ".",
                    Optional.of(id));
        };
    }

    private static ClientMessage runStart(MessageMembers members) throws UnreadableMessage {
        members.allowOnly(Set.copyOf(RUN_START));
        return new ClientMessage.RunStart(members.id(), runRequest(members));
    }

    /** The input for an agent that the members are. */
    static RunRequest runRequest(MessageMembers members) throws UnreadableMessage {
        return new RunRequest(
                members.uuid("request"),
                members.optionalThread(),
                members.optionalRun(),
                members.optionalName("agent"),
                members.text("input"),
                members.attachments(),
                members.choice("whenBusy", List.of(WhenBusy.values())));
    }

    private static ClientMessage runAnswer(MessageMembers members) throws UnreadableMessage {
        Set<String> known = new HashSet<>(ANSWER);
        known.add("run");
        members.allowOnly(known);
        return new ClientMessage.RunAnswer(members.id(), answerRequest(members, members.run()));
    }

    /** The answer to a question of the run that the members are. */
    static AnswerRequest answerRequest(MessageMembers members, RunId run) throws UnreadableMessage {
        return new AnswerRequest(
                members.uuid("request"), run, members.name("question"), answerContent(members));
    }

    private static AnswerRequest.Content answerContent(MessageMembers members) throws UnreadableMessage {
        if (members.has("answer") && !members.has("attachments")) {
            Member answer = members.member("answer");
            if (answer instanceof Member.Flag flag) {
                return new AnswerRequest.Content.Approval(flag.value());
            }
            if (answer instanceof Member.Text text) {
                return new AnswerRequest.Content.Words(text.value());
            }
            throw members.invalid("\"answer\" must be true or false for an approval, else a string.");
        }
        if (members.has("attachments") && !members.has("answer") && !members.attachments().isEmpty()) {
            return new AnswerRequest.Content.Files(members.attachments());
        }
        throw members.invalid("An answer has either \"answer\" or at least one of \"attachments\".");
    }

    private static SubscribeFrom subscribeFrom(MessageMembers members) throws UnreadableMessage {
        Optional<Position> position = members.position("after");
        if (position.isPresent()) {
            return new SubscribeFrom.After(position.get());
        }
        if (members.member("after") instanceof Member.Text text) {
            if (text.value().equals("start")) {
                return new SubscribeFrom.Start();
            }
            if (text.value().equals("now")) {
                return new SubscribeFrom.Now();
            }
        }
        throw members.invalid("\"after\" must be \"start\", \"now\", or a position"
                + " {\"epoch\": string, \"sequence\": whole number from 0}.");
    }

    private static MessageMembers only(MessageMembers members, String... known) throws UnreadableMessage {
        members.allowOnly(Set.of(known));
        return members;
    }

    private static void readMembers(JsonParser parser, Map<String, Member> members) throws UnreadableMessage {
        if (parser.nextToken() != JsonToken.START_OBJECT) {
            throw new UnreadableMessage(
                    ErrorCode.MESSAGE_INVALID, "A message must be one JSON object.", Optional.empty());
        }
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = parser.currentName();
            parser.nextToken();
            members.put(name, value(parser));
            if (members.size() > MAX_MEMBERS) {
                throw new UnreadableMessage(
                        ErrorCode.FIELD_INVALID, "The message has too many members.", id(members));
            }
        }
        if (parser.nextToken() != null) {
            throw new UnreadableMessage(
                    ErrorCode.MESSAGE_INVALID, "Something follows the message's JSON object.", id(members));
        }
    }

    /** What the parser is at, of the forms that some message can have. */
    static Member value(JsonParser parser) {
        if (parser.currentToken() == JsonToken.VALUE_STRING) {
            String text = parser.getString();
            return isWellFormed(text) ? new Member.Text(text) : new Member.Other();
        }
        if (parser.currentToken() == JsonToken.VALUE_TRUE || parser.currentToken() == JsonToken.VALUE_FALSE) {
            return new Member.Flag(parser.currentToken() == JsonToken.VALUE_TRUE);
        }
        if (StrictJson.isWhole(parser)) {
            return new Member.Whole(parser.getLongValue());
        }
        if (parser.currentToken() == JsonToken.START_ARRAY) {
            return texts(parser);
        }
        if (parser.currentToken() == JsonToken.START_OBJECT) {
            return position(parser);
        }
        return new Member.Other();
    }

    private static Member texts(JsonParser parser) {
        List<String> values = new ArrayList<>();
        boolean onlyTexts = true;
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            onlyTexts &= parser.currentToken() == JsonToken.VALUE_STRING && values.size() < MAX_ARRAY_LENGTH;
            if (onlyTexts) {
                values.add(parser.getString());
            } else {
                parser.skipChildren();
            }
        }
        return onlyTexts ? new Member.Texts(values) : new Member.Other();
    }

    private static Member position(JsonParser parser) {
        Optional<String> epoch = Optional.empty();
        long sequence = -1;
        boolean onlyPosition = true;
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = parser.currentName();
            parser.nextToken();
            if (name.equals("epoch") && parser.currentToken() == JsonToken.VALUE_STRING) {
                epoch = Optional.of(parser.getString());
            } else if (name.equals("sequence") && StrictJson.isWhole(parser)) {
                sequence = parser.getLongValue();
            } else {
                onlyPosition = false;
                parser.skipChildren();
            }
        }
        boolean whole = onlyPosition && epoch.filter(MessageReader::isWellFormed).isPresent() && sequence >= 0;
        return whole ? new Member.Place(new Position(epoch.get(), sequence)) : new Member.Other();
    }

    private static Optional<String> id(Map<String, Member> members) {
        return members.get("id") instanceof Member.Text id
                && !id.value().isEmpty()
                && id.value().length() <= MAX_ID_LENGTH
                        ? Optional.of(id.value())
                        : Optional.empty();
    }

    /** JSON can escape half a character, which no UTF-8 can carry on. */
    private static boolean isWellFormed(String text) {
        return text.codePoints().noneMatch(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE);
    }

    private static long offset(JacksonException e) {
        return e.getLocation() == null ? 0 : Math.max(0, e.getLocation().getCharOffset());
    }
}
