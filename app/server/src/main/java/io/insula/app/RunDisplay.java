package io.insula.app;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import tools.jackson.databind.JsonNode;

/**
 * Shows one run as it happens: what the agents say goes to the output, and what they do to the error stream, nested as
 * it happens. Times are those of the events. Confined to one thread.
 */
final class RunDisplay implements EventDisplay {
    private static final int INDENT = 2;
    private static final int LONGEST_NAME = 100;
    private static final int LONGEST_LINE = 200;
    private static final int LONGEST_ARGUMENTS = 100;
    private static final int LONGEST_THOUGHT = 4_000;
    private static final int PERCENT_BETWEEN_LINES = 25;
    private static final int HUNDRED = 100;
    private static final long NOTHING_SHOWN = -1;

    private record Open(String name, int depth, long since) {}

    private record StepKey(String actor, String name) {}

    private static final class ToolCall {
        private final String name;
        private final int depth;
        private final long since;
        private final StringBuilder arguments = new StringBuilder();

        private ToolCall(String name, int depth, long since) {
            this.name = name;
            this.depth = depth;
            this.since = since;
        }
    }

    private final Screen screen;
    private final AnswerText answer;
    private final Map<String, Open> subagents = new HashMap<>();
    private final Map<StepKey, Open> steps = new HashMap<>();
    private final Map<String, Integer> stepsOpen = new HashMap<>();
    private final Map<String, ToolCall> tools = new HashMap<>();
    private final Map<String, StringBuilder> thoughts = new HashMap<>();
    private final Map<String, Long> percentShown = new HashMap<>();
    private OptionalLong startedAt = OptionalLong.empty();

    RunDisplay(Screen screen) {
        this.screen = screen;
        this.answer = new AnswerText(screen);
    }

    @Override
    public void show(JsonNode positioned) {
        var event = positioned.path("event");
        switch (event.path("type").stringValue("")) {
            case "RUN_STARTED" -> startedAt = OptionalLong.of(time(event));
            case "TEXT_MESSAGE_START" -> answer.begin(text(event, "messageId"));
            case "TEXT_MESSAGE_CONTENT" -> answer.add(text(event, "messageId"), text(event, "delta"));
            case "TEXT_MESSAGE_END" -> answer.end(text(event, "messageId"));
            case "REASONING_MESSAGE_START" -> thoughts.put(text(event, "messageId"), new StringBuilder());
            case "REASONING_MESSAGE_CONTENT" -> thinking(event);
            case "REASONING_MESSAGE_END" -> thought(event);
            case "STEP_STARTED" -> stepStarted(event);
            case "STEP_FINISHED" -> stepFinished(event);
            case "TOOL_CALL_START" -> tools.put(
                    text(event, "toolCallId"), new ToolCall(name(event, "toolCallName"), depth(event), time(event)));
            case "TOOL_CALL_ARGS" -> toolArguments(event);
            case "TOOL_CALL_END" -> toolCalled(event);
            case "TOOL_CALL_RESULT" -> toolAnswered(event);
            case "SUBAGENT_STARTED" -> subagentStarted(event);
            case "SUBAGENT_FINISHED" -> subagentEnded(event, "");
            case "SUBAGENT_ERROR" -> subagentEnded(event, line(event, "message") + code(event));
            case "CUSTOM" -> custom(event);
            case "RUN_FINISHED" -> finished(event);
            case "RUN_ERROR" -> answer.close();
            default -> {
                // Later versions of the protocol may tell more than this display knows.
            }
        }
    }

    private void finished(JsonNode event) {
        answer.close();
        var took = startedAt.isPresent() ? " in " + PrintableText.duration(time(event) - startedAt.getAsLong()) : "";
        var cancelled = "cancelled".equals(event.path("outcome").path("type").stringValue(""));
        screen.aside(0, (cancelled ? "stopped" : "done") + took);
    }

    private void custom(JsonNode event) {
        var value = event.path("value");
        switch (event.path("name").stringValue("")) {
            case "insula.run.accepted" -> screen.aside(0, name(value, "agent") + " has the question");
            case "insula.progress" -> progress(event, value);
            case "insula.answer" -> screen.aside(indent(event), questionEnd(value));
            case "insula.messages.hidden" -> screen.aside(0, "earlier messages were taken back");
            default -> {
                // Questions are put by whoever reads the keyboard.
            }
        }
    }

    private static String questionEnd(JsonNode value) {
        if (value.path("expired").booleanValue(false)) {
            return "the question has expired";
        }
        return value.has("answer") || value.has("attachments") ? "the question is answered" : "the question is closed";
    }

    private void thinking(JsonNode event) {
        var thought = thoughts.get(text(event, "messageId"));
        if (thought != null && thought.length() < LONGEST_THOUGHT) {
            thought.append(text(event, "delta"));
        }
    }

    private void thought(JsonNode event) {
        var thought = thoughts.remove(text(event, "messageId"));
        if (thought != null) {
            PrintableText.block(thought.toString()).lines().filter(line -> !line.isBlank())
                    .forEach(line -> screen.aside(indent(event), "thinks: " + PrintableText.line(line, LONGEST_LINE)));
        }
    }

    private void stepStarted(JsonNode event) {
        var name = name(event, "stepName");
        screen.note(indent(event), name + " ...");
        steps.put(stepKey(event), new Open(name, depth(event), time(event)));
        stepsOpen.merge(actor(event), 1, Integer::sum);
    }

    private void stepFinished(JsonNode event) {
        var step = steps.remove(stepKey(event));
        if (step != null) {
            stepsOpen.merge(actor(event), -1, Integer::sum);
            screen.note(step.depth() * INDENT,
                    step.name() + ": done in " + PrintableText.duration(time(event) - step.since()));
        }
    }

    private void subagentStarted(JsonNode event) {
        var parent = text(event, "parentSubagentRunId");
        var depth = depthOf(parent);
        var started = new Open(name(event, "name"), depth, time(event));
        subagents.put(text(event, "subagentRunId"), started);
        screen.note(depth * INDENT, started.name() + " ...");
    }

    private void subagentEnded(JsonNode event, String problem) {
        var ended = subagents.remove(text(event, "subagentRunId"));
        if (ended != null) {
            var took = PrintableText.duration(time(event) - ended.since());
            screen.note(
                    ended.depth() * INDENT,
                    ended.name()
                            + (problem.isEmpty() ? ": done in " + took : ": failed after " + took + ": " + problem));
        }
    }

    private void toolArguments(JsonNode event) {
        var call = tools.get(text(event, "toolCallId"));
        if (call != null && call.arguments.length() < LONGEST_ARGUMENTS * 2) {
            call.arguments.append(text(event, "delta"));
        }
    }

    private void toolCalled(JsonNode event) {
        var call = tools.get(text(event, "toolCallId"));
        if (call != null) {
            screen.aside(
                    call.depth * INDENT,
                    "tool " + call.name + " " + PrintableText.line(call.arguments.toString(), LONGEST_ARGUMENTS));
        }
    }

    private void toolAnswered(JsonNode event) {
        var call = tools.remove(text(event, "toolCallId"));
        if (call == null) {
            return;
        }
        var content = text(event, "content");
        var took = PrintableText.duration(time(event) - call.since);
        var error = Json.object(content).path("error");
        var outcome = error.path("code").isString()
                ? "failed after " + took + ": " + line(error, "message") + code(error)
                : PrintableText.size(content.getBytes(StandardCharsets.UTF_8).length) + " in " + took;
        screen.aside(call.depth * INDENT, "tool " + call.name + ": " + outcome);
    }

    private void progress(JsonNode event, JsonNode value) {
        var what = line(value, "what");
        var done = value.path("done").longValue(0);
        var total = value.path("total").longValue(0);
        var percent = total > 0 ? Math.clamp(done * (double) HUNDRED / total, 0, HUNDRED) : 0;
        var whole = (long) percent;
        if (!screen.replacesProgress()) {
            var shown = percentShown.getOrDefault(what, NOTHING_SHOWN);
            var next = Math.min(HUNDRED, shown + PERCENT_BETWEEN_LINES);
            if (shown == HUNDRED || (shown != NOTHING_SHOWN && whole < next)) {
                return;
            }
            percentShown.put(what, whole);
        }
        screen.progress(indent(event), what + ": " + (total > 0 ? whole + "%" : Long.toString(done)));
    }

    /** Which sub-agent an event is of; empty for the agent that was asked. */
    private static String actor(JsonNode event) {
        return text(event, "subagentRunId");
    }

    private static StepKey stepKey(JsonNode event) {
        return new StepKey(actor(event), text(event, "stepName"));
    }

    private int depth(JsonNode event) {
        return depthOf(actor(event));
    }

    private int depthOf(String actor) {
        var open = subagents.get(actor);
        return (open == null ? 0 : open.depth() + 1) + stepsOpen.getOrDefault(actor, 0);
    }

    private int indent(JsonNode event) {
        return depth(event) * INDENT;
    }

    private static long time(JsonNode event) {
        return event.path("timestamp").longValue(0);
    }

    private static String text(JsonNode node, String member) {
        return node.path(member).stringValue("");
    }

    private static String name(JsonNode node, String member) {
        return PrintableText.line(text(node, member), LONGEST_NAME);
    }

    private static String line(JsonNode node, String member) {
        return PrintableText.line(text(node, member), LONGEST_LINE);
    }

    private static String code(JsonNode node) {
        var code = name(node, "code");
        return code.isEmpty() ? "" : " [" + code + "]";
    }
}
