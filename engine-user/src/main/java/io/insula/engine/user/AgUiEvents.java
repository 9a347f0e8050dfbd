package io.insula.engine.user;

import io.insula.agent.Attachment;
import io.insula.agent.RunId;
import io.insula.agent.ThreadId;
import io.insula.engine.api.AnswerRequest;
import io.insula.engine.api.OpenQuestion;
import java.io.StringWriter;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.util.JsonRecyclerPools;

/** Writes events in the vocabulary of AG-UI 1.0, each once, as the text that journal and clients share. */
final class AgUiEvents {
    private static final String PROTOCOL_VERSION = "1.0";

    /** Keeps no buffers: what one user said would stay in them, past an erase, until somebody else says more. */
    private final JsonFactory json =
            JsonFactory.builder().recyclerPool(JsonRecyclerPools.nonRecyclingPool()).build();
    private final InstantSource clock;

    AgUiEvents(InstantSource clock) {
        this.clock = clock;
    }

    /** The sub-agent an event belongs to; empty for the run's own agent. */
    record Author(Optional<String> subAgentRun) {
        static final Author RUN = new Author(Optional.empty());
    }

    String accepted(String agent, String input, List<Attachment> attachments, String messageId) {
        return custom("insula.run.accepted", Author.RUN, g -> {
            g.writeStringProperty("agent", agent);
            g.writeStringProperty("input", input);
            attachments(g, attachments);
            g.writeStringProperty("messageId", messageId);
        });
    }

    String runStarted(ThreadId thread, RunId run) {
        return event("RUN_STARTED", Author.RUN, g -> {
            ids(g, thread, run);
            g.writeStringProperty("protocolVersion", PROTOCOL_VERSION);
        });
    }

    String runFinished(ThreadId thread, RunId run, String result) {
        return event("RUN_FINISHED", Author.RUN, g -> {
            ids(g, thread, run);
            g.writeName("result");
            g.writeRawValue(result);
            outcome(g, "success");
        });
    }

    String runCancelled(ThreadId thread, RunId run) {
        return event("RUN_FINISHED", Author.RUN, g -> {
            ids(g, thread, run);
            outcome(g, "cancelled");
        });
    }

    String runError(String code, String message) {
        return event("RUN_ERROR", Author.RUN, g -> {
            g.writeStringProperty("message", message);
            g.writeStringProperty("code", code);
        });
    }

    String messageStart(Author author, String id) {
        return event("TEXT_MESSAGE_START", author, g -> {
            g.writeStringProperty("messageId", id);
            g.writeStringProperty("role", "assistant");
        });
    }

    String messageContent(Author author, String id, String delta) {
        return event("TEXT_MESSAGE_CONTENT", author, g -> delta(g, id, delta));
    }

    String messageEnd(Author author, String id) {
        return event("TEXT_MESSAGE_END", author, g -> g.writeStringProperty("messageId", id));
    }

    List<String> thoughtStart(Author author, String id) {
        return List.of(event("REASONING_START", author, g -> g.writeStringProperty("messageId", id)),
                event("REASONING_MESSAGE_START", author, g -> {
                    g.writeStringProperty("messageId", id);
                    g.writeStringProperty("role", "reasoning");
                }));
    }

    String thoughtContent(Author author, String id, String delta) {
        return event("REASONING_MESSAGE_CONTENT", author, g -> delta(g, id, delta));
    }

    List<String> thoughtEnd(Author author, String id) {
        return List.of(
                event("REASONING_MESSAGE_END", author, g -> g.writeStringProperty("messageId", id)),
                event("REASONING_END", author, g -> g.writeStringProperty("messageId", id)));
    }

    String stepStarted(Author author, String name) {
        return event("STEP_STARTED", author, g -> g.writeStringProperty("stepName", name));
    }

    String stepFinished(Author author, String name) {
        return event("STEP_FINISHED", author, g -> g.writeStringProperty("stepName", name));
    }

    String toolCallStart(Author author, String id, String tool) {
        return event("TOOL_CALL_START", author, g -> {
            g.writeStringProperty("toolCallId", id);
            g.writeStringProperty("toolCallName", tool);
        });
    }

    String toolCallArgs(Author author, String id, String delta) {
        return event("TOOL_CALL_ARGS", author, g -> {
            g.writeStringProperty("toolCallId", id);
            g.writeStringProperty("delta", delta);
        });
    }

    String toolCallEnd(Author author, String id) {
        return event("TOOL_CALL_END", author, g -> g.writeStringProperty("toolCallId", id));
    }

    String toolCallResult(Author author, String messageId, String id, String content) {
        return event("TOOL_CALL_RESULT", author, g -> {
            g.writeStringProperty("messageId", messageId);
            g.writeStringProperty("toolCallId", id);
            g.writeStringProperty("content", content);
            g.writeStringProperty("role", "tool");
        });
    }

    /** The content of a tool call's result that tells of its failure. */
    String toolError(String code, String message) {
        return object(g -> {
            g.writeObjectPropertyStart("error");
            g.writeStringProperty("code", code);
            g.writeStringProperty("message", message);
            g.writeEndObject();
        });
    }

    String subAgentStarted(String subAgentRun, String name, Author parent) {
        return event("SUBAGENT_STARTED", new Author(Optional.of(subAgentRun)), g -> {
            g.writeStringProperty("name", name);
            parent.subAgentRun().ifPresent(id -> g.writeStringProperty("parentSubagentRunId", id));
        });
    }

    String subAgentFinished(String subAgentRun, String result) {
        return event("SUBAGENT_FINISHED", new Author(Optional.of(subAgentRun)), g -> {
            g.writeName("result");
            g.writeRawValue(result);
            outcome(g, "success");
        });
    }

    String subAgentError(String subAgentRun, String code, String message) {
        return event("SUBAGENT_ERROR", new Author(Optional.of(subAgentRun)), g -> {
            g.writeStringProperty("message", message);
            g.writeStringProperty("code", code);
        });
    }

    String progress(Author author, String what, long done, long total) {
        return custom("insula.progress", author, g -> {
            g.writeStringProperty("what", what);
            g.writeNumberProperty("done", done);
            g.writeNumberProperty("total", total);
        });
    }

    String resumed(int attempt) {
        return custom("insula.resumed", Author.RUN, g -> g.writeNumberProperty("attempt", attempt));
    }

    String question(Author author, OpenQuestion question) {
        return custom("insula.question", author, g -> {
            g.writeStringProperty("question", question.id());
            g.writeStringProperty("kind", question.kind().name().toLowerCase(Locale.ROOT));
            g.writeStringProperty("text", question.text());
            g.writeArrayPropertyStart("options");
            question.options().forEach(g::writeString);
            g.writeEndArray();
            g.writeStringProperty("expiresAt", question.expiresAt().toString());
        });
    }

    String answer(Author author, String question, AnswerRequest.Content content, List<Attachment> attachments) {
        return custom("insula.answer", author, g -> {
            g.writeStringProperty("question", question);
            switch (content) {
                case AnswerRequest.Content.Approval(boolean approved) -> g.writeBooleanProperty("answer", approved);
                case AnswerRequest.Content.Words(String text) -> g.writeStringProperty("answer", text);
                case AnswerRequest.Content.Files files -> attachments(g, attachments);
            }
        });
    }

    String questionClosed(Author author, String question, String how) {
        return custom("insula.answer", author, g -> {
            g.writeStringProperty("question", question);
            g.writeBooleanProperty(how, true);
        });
    }

    String messagesHidden(Collection<RunId> runs) {
        return custom("insula.messages.hidden", Author.RUN, g -> {
            g.writeArrayPropertyStart("runs");
            runs.forEach(run -> g.writeString(run.value()));
            g.writeEndArray();
        });
    }

    private String custom(String name, Author author, Consumer<JsonGenerator> value) {
        return event("CUSTOM", author, g -> {
            g.writeStringProperty("name", name);
            g.writeObjectPropertyStart("value");
            value.accept(g);
            g.writeEndObject();
        });
    }

    private String event(String type, Author author, Consumer<JsonGenerator> members) {
        return object(g -> {
            g.writeStringProperty("type", type);
            g.writeNumberProperty("timestamp", clock.millis());
            author.subAgentRun().ifPresent(id -> g.writeStringProperty("subagentRunId", id));
            members.accept(g);
        });
    }

    private String object(Consumer<JsonGenerator> members) {
        StringWriter text = new StringWriter(160);
        try (JsonGenerator generator = json.createGenerator(ObjectWriteContext.empty(), text)) {
            generator.writeStartObject();
            members.accept(generator);
            generator.writeEndObject();
        }
        return WellFormed.text(text.toString());
    }

    private static void ids(JsonGenerator g, ThreadId thread, RunId run) {
        g.writeStringProperty("threadId", thread.value());
        g.writeStringProperty("runId", run.value());
    }

    private static void outcome(JsonGenerator g, String type) {
        g.writeObjectPropertyStart("outcome");
        g.writeStringProperty("type", type);
        g.writeEndObject();
    }

    private static void delta(JsonGenerator g, String id, String delta) {
        g.writeStringProperty("messageId", id);
        g.writeStringProperty("delta", delta);
    }

    private static void attachments(JsonGenerator g, List<Attachment> attachments) {
        g.writeArrayPropertyStart("attachments");
        for (Attachment attachment : attachments) {
            g.writeStartObject();
            g.writeStringProperty("id", attachment.id().value());
            g.writeStringProperty("name", attachment.name());
            g.writeStringProperty("mediaType", attachment.mediaType());
            g.writeNumberProperty("bytes", attachment.bytes());
            g.writeEndObject();
        }
        g.writeEndArray();
    }
}
