package io.insula.endtoend;

import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * The order of the events of one run: accepted, started, what the agent does, one end. Whatever is opened is opened and
 * closed by the same agent, and closed before its agent ends; nothing follows the end.
 */
final class RunOrder {
    private static final JsonMapper JSON = JsonMapper.shared();

    private enum Stage {
        NEW, ACCEPTED, STARTED, ENDED
    }

    /** Something that stays open for a while. The owner is the sub-agent that opened it; empty for the run's agent. */
    private record Open(String kind, String id, String owner) {}

    private final String thread;
    private final AguiOrderChecker all;
    private final Set<Open> open = new LinkedHashSet<>();
    private final Map<String, StringBuilder> arguments = new HashMap<>();
    private final Map<String, String> resultsDue = new HashMap<>();
    private final Set<String> questions = new HashSet<>();
    private Stage stage = Stage.NEW;

    RunOrder(String thread, AguiOrderChecker all) {
        this.thread = thread;
        this.all = all;
    }

    boolean hasEnded() {
        return stage == Stage.ENDED;
    }

    void accept(ReceivedEvent received) {
        if (!received.thread().equals(thread)) {
            all.violate(received, "is of thread " + received.thread() + ", the run is of " + thread);
        }
        switch (stage) {
            case NEW -> accepted(received);
            case ACCEPTED -> started(received);
            case STARTED -> during(received);
            case ENDED -> all.violate(received, "follows the end of its run");
        }
    }

    private void accepted(ReceivedEvent received) {
        stage = Stage.ACCEPTED;
        if (!received.isCustom("insula.run.accepted")) {
            all.violate(received, "is first, instead of insula.run.accepted");
            return;
        }
        var value = received.value();
        if (!value.path("agent").isString() || !value.path("input").isString() || !value.path("attachments").isArray()
                || !value.path("messageId").isString()) {
            all.violate(received, "does not say agent, input, attachments and messageId");
        }
    }

    private void started(ReceivedEvent received) {
        stage = Stage.STARTED;
        if (!received.type().equals("RUN_STARTED")) {
            all.violate(received, "comes before RUN_STARTED");
            during(received);
            return;
        }
        if (!received.text("runId").equals(received.run()) || !received.text("threadId").equals(thread)
                || !received.text("protocolVersion").equals("1.0")) {
            all.violate(received, "does not name its run, its thread and protocol version 1.0");
        }
    }

    private void during(ReceivedEvent received) {
        String owner = received.text("subagentRunId");
        boolean aboutSubAgent = received.type().startsWith("SUBAGENT_");
        if (!aboutSubAgent && !owner.isEmpty() && !isOpen("sub-agent", owner)) {
            all.violate(received, "is of the sub-agent " + owner + ", which is not at work");
        }
        String message = received.text("messageId");
        String call = received.text("toolCallId");
        switch (received.type()) {
            case "TEXT_MESSAGE_START" -> openNew(received, "message", message);
            case "TEXT_MESSAGE_CONTENT" -> content(received, "message", message);
            case "TEXT_MESSAGE_END" -> close(received, "message", message);
            case "REASONING_START" -> openNew(received, "reasoning", message);
            case "REASONING_MESSAGE_START" -> reasoningMessage(received, message);
            case "REASONING_MESSAGE_CONTENT" -> content(received, "reasoning message", message);
            case "REASONING_MESSAGE_END" -> close(received, "reasoning message", message);
            case "REASONING_END" -> reasoningEnd(received, message);
            case "STEP_STARTED" -> open(received, "step", received.text("stepName"));
            case "STEP_FINISHED" -> close(received, "step", received.text("stepName"));
            case "TOOL_CALL_START" -> toolCall(received, call);
            case "TOOL_CALL_ARGS" -> toolArguments(received, call);
            case "TOOL_CALL_END" -> toolCallEnd(received, call);
            case "TOOL_CALL_RESULT" -> toolResult(received, call);
            case "SUBAGENT_STARTED" -> subAgent(received, owner);
            case "SUBAGENT_FINISHED", "SUBAGENT_ERROR" -> subAgentEnd(received, owner);
            case "CUSTOM" -> custom(received);
            case "RUN_FINISHED", "RUN_ERROR" -> end(received);
            default -> all.violate(received, "is no event of a run that has started");
        }
    }

    private boolean isOpen(String kind, String id) {
        return open.stream().anyMatch(each -> each.kind().equals(kind) && each.id().equals(id));
    }

    private void openNew(ReceivedEvent received, String kind, String id) {
        all.checkNew(received, kind, id);
        open(received, kind, id);
        if (kind.equals("message") && !received.text("role").equals("assistant")) {
            all.violate(received, "is not in the role of the assistant");
        }
    }

    private void open(ReceivedEvent received, String kind, String id) {
        if (id.isEmpty()) {
            all.violate(received, "opens a " + kind + " without a name");
        }
        if (!open.add(new Open(kind, id, received.text("subagentRunId")))) {
            all.violate(received, "opens the " + kind + " " + id + ", which is open");
        }
    }

    private void close(ReceivedEvent received, String kind, String id) {
        if (!open.remove(new Open(kind, id, received.text("subagentRunId")))) {
            all.violate(received, "closes the " + kind + " " + id + ", which its agent has not open");
        }
    }

    private void content(ReceivedEvent received, String kind, String id) {
        if (!open.contains(new Open(kind, id, received.text("subagentRunId")))) {
            all.violate(received, "adds to the " + kind + " " + id + ", which its agent has not open");
        }
        if (received.text("delta").isEmpty()) {
            all.violate(received, "adds nothing");
        }
    }

    private void reasoningMessage(ReceivedEvent received, String id) {
        if (!open.contains(new Open("reasoning", id, received.text("subagentRunId")))) {
            all.violate(received, "is outside a reasoning span of its id");
        }
        open(received, "reasoning message", id);
    }

    private void reasoningEnd(ReceivedEvent received, String id) {
        if (isOpen("reasoning message", id)) {
            all.violate(received, "ends a span whose message is open");
        }
        close(received, "reasoning", id);
    }

    private void toolCall(ReceivedEvent received, String id) {
        openNew(received, "tool call", id);
        arguments.put(id, new StringBuilder());
        resultsDue.put(id, received.text("subagentRunId"));
        if (received.text("toolCallName").isEmpty()) {
            all.violate(received, "does not name its tool");
        }
    }

    private void toolArguments(ReceivedEvent received, String id) {
        content(received, "tool call", id);
        arguments.computeIfAbsent(id, unknown -> new StringBuilder()).append(received.text("delta"));
    }

    private void toolCallEnd(ReceivedEvent received, String id) {
        close(received, "tool call", id);
        var text = arguments.remove(id);
        if (text != null && !text.isEmpty() && !isJson(text.toString())) {
            all.violate(received, "ends arguments that are not JSON: " + text);
        }
    }

    private void toolResult(ReceivedEvent received, String id) {
        if (isOpen("tool call", id)) {
            all.violate(received, "comes before the TOOL_CALL_END of its call");
        }
        String owner = resultsDue.remove(id);
        if (owner == null) {
            all.violate(received, "is the result of a call that was not made, or has its result");
        } else if (!owner.equals(received.text("subagentRunId"))) {
            all.violate(received, "is given to another agent than the one that called");
        }
        all.checkNew(received, "tool message", received.text("messageId"));
        if (!isJson(received.text("content"))) {
            all.violate(received, "has content that is not JSON");
        }
    }

    private static boolean isJson(String text) {
        try {
            return !text.isEmpty() && !JSON.readTree(text).isMissingNode();
        } catch (JacksonException e) {
            return false;
        }
    }

    private void subAgent(ReceivedEvent received, String id) {
        all.checkNew(received, "sub-agent", id);
        String parent = received.text("parentSubagentRunId");
        if (!parent.isEmpty() && !isOpen("sub-agent", parent)) {
            all.violate(received, "is started by the sub-agent " + parent + ", which is not at work");
        }
        if (received.text("name").isEmpty()) {
            all.violate(received, "does not name its agent");
        }
        open.add(new Open("sub-agent", id, parent));
    }

    private void subAgentEnd(ReceivedEvent received, String id) {
        if (!open.removeIf(each -> each.kind().equals("sub-agent") && each.id().equals(id))) {
            all.violate(received, "ends the sub-agent " + id + ", which is not at work");
        }
        open.stream().filter(each -> each.owner().equals(id))
                .forEach(each -> all.violate(received,
                        "ends a sub-agent whose " + each.kind() + " " + each.id() + " is open"));
        if (resultsDue.containsValue(id)) {
            all.violate(received, "ends a sub-agent that still waits for the result of a tool");
        }
        if (received.type().equals("SUBAGENT_ERROR")
                && (received.text("message").isEmpty() || received.text("code").isEmpty())) {
            all.violate(received, "does not say code and message");
        }
    }

    private void custom(ReceivedEvent received) {
        String question = received.value().path("question").asString("");
        switch (received.text("name")) {
            case "insula.progress" -> {
                if (!received.value().path("what").isString() || !received.value().path("done").isNumber()
                        || !received.value().path("total").isNumber()) {
                    all.violate(received, "does not say what, done and total");
                }
            }
            case "insula.question" -> {
                all.checkNew(received, "question", question);
                questions.add(question);
            }
            case "insula.answer" -> {
                if (!questions.remove(question)) {
                    all.violate(received, "answers a question that is not open");
                }
            }
            case "insula.resumed" -> {
                if (received.value().path("attempt").asInt(0) < 1) {
                    all.violate(received, "does not say which attempt it is");
                }
            }
            default -> all.violate(received, "is not in the protocol");
        }
    }

    private void end(ReceivedEvent received) {
        stage = Stage.ENDED;
        open.forEach(
                each -> all.violate(received, "ends the run while the " + each.kind() + " " + each.id() + " is open"));
        resultsDue.keySet()
                .forEach(id -> all.violate(received, "ends the run while the call " + id + " has no result"));
        if (received.type().equals("RUN_ERROR")) {
            if (received.text("code").isEmpty() || received.text("message").isEmpty()) {
                all.violate(received, "does not say code and message");
            }
            return;
        }
        String outcome = received.event().path("outcome").path("type").asString("");
        if (!outcome.equals("success") && !outcome.equals("cancelled")) {
            all.violate(received, "has the outcome " + outcome + ", not success or cancelled");
        }
        if (outcome.equals("success") && !questions.isEmpty()) {
            all.violate(received, "succeeds while a question is open");
        }
    }
}
