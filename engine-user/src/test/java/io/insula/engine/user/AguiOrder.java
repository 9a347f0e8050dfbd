package io.insula.engine.user;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.insula.agent.RunId;
import io.insula.engine.api.UserEvent;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What every stream of events must keep: whole sequences; of each run first its acceptance, then its start, everything
 * that is opened closed, exactly one terminal event, and nothing behind it.
 */
final class AguiOrder {
    private final Map<RunId, Stream> runs = new HashMap<>();

    /** Something open: its kind, its id, and the sub-agent it belongs to or "". */
    private record Open(String kind, String id, String author) {}

    private static final class Stream {
        final Set<Open> open = new HashSet<>();
        final Set<String> seen = new HashSet<>();
        boolean accepted;
        boolean started;
        boolean ended;
    }

    /** Checks a log from its beginning, in which every run has ended. */
    static void checkComplete(List<UserEvent> events) {
        AguiOrder order = new AguiOrder();
        order.check(events);
        order.runs.forEach((run, stream) -> assertTrue(stream.ended, () -> "no terminal event of run " + run));
    }

    private void check(List<UserEvent> events) {
        long expected = 1;
        for (UserEvent event : events) {
            assertEquals(expected++, event.sequence(), "the sequence has a hole or a duplicate");
            Stream stream = runs.computeIfAbsent(event.run(), r -> new Stream());
            Json json = Json.parse(event.json());
            String at = "event " + event.sequence() + " " + event.json();
            assertTrue(!stream.ended, () -> "after the terminal event: " + at);
            assertTrue(stream.accepted || isAcceptance(json), () -> "before the acceptance: " + at);
            take(stream, json, json.find("subagentRunId").orElse(""), at);
        }
    }

    private static boolean isAcceptance(Json json) {
        return json.find("name").filter("insula.run.accepted"::equals).isPresent();
    }

    private void take(Stream stream, Json json, String author, String at) {
        String type = json.text("type");
        if (!type.equals("CUSTOM")) {
            assertEquals(!type.equals("RUN_STARTED"), stream.started, () -> "start out of order: " + at);
        }
        if (!author.isEmpty() && !type.equals("SUBAGENT_STARTED")) {
            assertTrue(stream.seen.contains("agent " + author), () -> "of a sub-agent that never began: " + at);
            assertTrue(
                    stream.open.stream().anyMatch(open -> isAgent(open, author)), () -> "of an ended sub-agent: " + at);
        }
        switch (type) {
            case "RUN_STARTED" -> stream.started = true;
            case "RUN_FINISHED", "RUN_ERROR" -> {
                assertTrue(stream.open.isEmpty(), () -> "left open: " + stream.open + " at " + at);
                stream.ended = true;
            }
            case "TEXT_MESSAGE_START" -> open(stream, "message", json.text("messageId"), author, at);
            case "TEXT_MESSAGE_CONTENT" -> within(stream, "message", json.text("messageId"), author, at);
            case "TEXT_MESSAGE_END" -> close(stream, "message", json.text("messageId"), author, at);
            case "REASONING_START" -> open(stream, "thinking", json.text("messageId"), author, at);
            case "REASONING_MESSAGE_START" -> open(stream, "thought", json.text("messageId"), author, at);
            case "REASONING_MESSAGE_CONTENT" -> within(stream, "thought", json.text("messageId"), author, at);
            case "REASONING_MESSAGE_END" -> close(stream, "thought", json.text("messageId"), author, at);
            case "REASONING_END" -> close(stream, "thinking", json.text("messageId"), author, at);
            case "STEP_STARTED" -> stepStarted(stream, json, author, at);
            case "STEP_FINISHED" -> close(stream, "step", json.text("stepName"), author, at);
            case "TOOL_CALL_START" -> {
                open(stream, "call", json.text("toolCallId"), author, at);
                open(stream, "arguments", json.text("toolCallId"), author, at);
            }
            case "TOOL_CALL_ARGS" -> within(stream, "arguments", json.text("toolCallId"), author, at);
            case "TOOL_CALL_END" -> close(stream, "arguments", json.text("toolCallId"), author, at);
            case "TOOL_CALL_RESULT" -> close(stream, "call", json.text("toolCallId"), author, at);
            case "SUBAGENT_STARTED" -> open(stream, "agent", author, json.find("parentSubagentRunId").orElse(""), at);
            case "SUBAGENT_FINISHED", "SUBAGENT_ERROR" -> endAgent(stream, author, at);
            case "CUSTOM" -> custom(stream, json, author, at);
            default -> throw new AssertionError("unknown type: " + at);
        }
    }

    private static boolean isAgent(Open open, String author) {
        return open.kind().equals("agent") && open.id().equals(author);
    }

    private static void stepStarted(Stream stream, Json json, String author, String at) {
        // A step's name may come again after the step has ended, unlike ids.
        assertTrue(stream.open.add(new Open("step", json.text("stepName"), author)), () -> "open already: " + at);
    }

    private static void open(Stream stream, String kind, String id, String author, String at) {
        assertTrue(stream.seen.add(kind + " " + id), () -> "begun twice: " + at);
        stream.open.add(new Open(kind, id, author));
    }

    private static void within(Stream stream, String kind, String id, String author, String at) {
        assertTrue(stream.open.contains(new Open(kind, id, author)), () -> "not open: " + at);
    }

    private static void close(Stream stream, String kind, String id, String author, String at) {
        assertTrue(stream.open.remove(new Open(kind, id, author)), () -> "not open: " + at);
    }

    private static void endAgent(Stream stream, String agent, String at) {
        assertTrue(stream.open.removeIf(open -> isAgent(open, agent)), () -> "not open: " + at);
        assertTrue(
                stream.open.stream().noneMatch(open -> open.author().equals(agent)),
                () -> "sub-agent left open: " + stream.open + " at " + at);
    }

    private static void custom(Stream stream, Json json, String author, String at) {
        switch (json.text("name")) {
            case "insula.run.accepted" -> {
                assertTrue(!stream.accepted, () -> "accepted twice: " + at);
                stream.accepted = true;
            }
            case "insula.question" -> open(stream, "question", json.object("value").text("question"), author, at);
            case "insula.answer" -> close(stream, "question", json.object("value").text("question"), author, at);
            case "insula.progress" -> assertTrue(stream.started, () -> "before the start: " + at);
            case "insula.resumed" -> assertTrue(stream.started, () -> "before the start: " + at);
            case "insula.messages.hidden" -> assertTrue(!stream.started, () -> "after the start: " + at);
            default -> throw new AssertionError("unknown name: " + at);
        }
    }
}
