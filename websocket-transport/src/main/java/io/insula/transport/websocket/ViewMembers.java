package io.insula.transport.websocket;

import io.insula.agent.Attachment;
import io.insula.agent.ThreadId;
import io.insula.engine.api.AgentListing;
import io.insula.engine.api.ErrorCode;
import io.insula.engine.api.OpenQuestion;
import io.insula.engine.api.Page;
import io.insula.engine.api.Position;
import io.insula.engine.api.Receipt;
import io.insula.engine.api.RunView;
import io.insula.engine.api.Snapshot;
import io.insula.engine.api.ThreadMessage;
import io.insula.engine.api.ThreadSummary;
import io.insula.engine.api.UserEvent;
import java.util.List;
import java.util.function.BiConsumer;
import tools.jackson.core.JsonGenerator;

/** Writes what the engine shows of a user as JSON, the same in messages and in bodies. */
final class ViewMembers {
    private ViewMembers() {}

    static void code(JsonGenerator out, ErrorCode code) {
        out.writeStringProperty("code", code.word());
        out.writeNumberProperty("number", code.number());
    }

    static void position(JsonGenerator out, String name, Position position) {
        out.writeName(name).writeStartObject();
        out.writeStringProperty("epoch", position.epoch());
        out.writeNumberProperty("sequence", position.sequence());
        out.writeEndObject();
    }

    /** The member that holds the items of a page, and what to ask for the following one. */
    private static <T> void page(JsonGenerator out, String name, Page<T> page, BiConsumer<JsonGenerator, T> write) {
        items(out, name, page.items(), write);
        if (page.next().isPresent()) {
            out.writeStringProperty("next", page.next().get());
        }
    }

    private static <T> void items(
            JsonGenerator out, String name, List<T> items, BiConsumer<JsonGenerator, T> write) {
        out.writeName(name).writeStartArray();
        items.forEach(item -> write.accept(out, item));
        out.writeEndArray();
    }

    static void receipt(JsonGenerator out, Receipt receipt) {
        out.writeStringProperty("run", receipt.run().value());
        out.writeStringProperty("thread", receipt.thread().value());
        position(out, "position", receipt.position());
    }

    static void runMember(JsonGenerator out, RunView run) {
        out.writeName("run");
        run(out, run);
    }

    static void runs(JsonGenerator out, Page<RunView> page) {
        page(out, "runs", page, ViewMembers::run);
    }

    static void threadMember(JsonGenerator out, ThreadSummary thread) {
        out.writeName("thread");
        thread(out, thread);
    }

    static void threads(JsonGenerator out, Page<ThreadSummary> page) {
        page(out, "threads", page, ViewMembers::thread);
    }

    static void threadMessages(JsonGenerator out, Page<ThreadMessage> page) {
        page(out, "messages", page, ViewMembers::threadMessage);
    }

    static void deleted(JsonGenerator out, ThreadId thread) {
        out.writeStringProperty("thread", thread.value());
    }

    static void snapshot(JsonGenerator out, Snapshot snapshot) {
        position(out, "position", snapshot.position());
        items(out, "threads", snapshot.threads(), ViewMembers::thread);
        items(out, "runs", snapshot.runs(), ViewMembers::run);
    }

    static void agents(JsonGenerator out, List<AgentListing> agents) {
        out.writeName("agents").writeStartArray();
        for (AgentListing agent : agents) {
            out.writeStartObject();
            out.writeStringProperty("name", agent.name());
            out.writeStringProperty("summary", agent.summary());
            out.writeEndObject();
        }
        out.writeEndArray();
    }

    /** The members of an event; its JSON goes in as it is. */
    static void event(JsonGenerator out, UserEvent event) {
        out.writeNumberProperty("sequence", event.sequence());
        out.writeStringProperty("thread", event.thread().value());
        out.writeStringProperty("run", event.run().value());
        out.writeName("event").writeRawValue(event.json());
    }

    static void run(JsonGenerator out, RunView run) {
        out.writeStartObject();
        out.writeStringProperty("run", run.run().value());
        out.writeStringProperty("thread", run.thread().value());
        out.writeStringProperty("agent", run.agent());
        out.writeStringProperty("state", MessageMembers.word(run.state()));
        if (run.code().isPresent()) {
            out.writeStringProperty("code", run.code().get());
        }
        out.writeStringProperty("acceptedAt", run.acceptedAt().toString());
        if (run.startedAt().isPresent()) {
            out.writeStringProperty("startedAt", run.startedAt().get().toString());
        }
        if (run.endedAt().isPresent()) {
            out.writeStringProperty("endedAt", run.endedAt().get().toString());
        }
        items(out, "questions", run.questions(), ViewMembers::question);
        out.writeEndObject();
    }

    static void question(JsonGenerator out, OpenQuestion question) {
        out.writeStartObject();
        out.writeStringProperty("id", question.id());
        out.writeStringProperty("kind", MessageMembers.word(question.kind()));
        out.writeStringProperty("text", question.text());
        out.writeName("options").writeStartArray();
        question.options().forEach(out::writeString);
        out.writeEndArray();
        out.writeStringProperty("expiresAt", question.expiresAt().toString());
        out.writeEndObject();
    }

    static void thread(JsonGenerator out, ThreadSummary thread) {
        out.writeStartObject();
        out.writeStringProperty("thread", thread.thread().value());
        out.writeStringProperty("title", thread.title());
        out.writeStringProperty("agent", thread.agent());
        out.writeStringProperty("createdAt", thread.createdAt().toString());
        out.writeStringProperty("updatedAt", thread.updatedAt().toString());
        out.writeBooleanProperty("busy", thread.busy());
        out.writeEndObject();
    }

    static void threadMessage(JsonGenerator out, ThreadMessage message) {
        out.writeStartObject();
        out.writeStringProperty("id", message.id());
        out.writeStringProperty("run", message.run().value());
        out.writeStringProperty("role", MessageMembers.word(message.role()));
        out.writeStringProperty("agent", message.agent());
        out.writeStringProperty("text", message.text());
        out.writeName("attachments").writeStartArray();
        for (Attachment attachment : message.attachments()) {
            out.writeStartObject();
            attachmentMembers(out, attachment);
            out.writeEndObject();
        }
        out.writeEndArray();
        out.writeStringProperty("at", message.at().toString());
        out.writeEndObject();
    }

    static void attachmentMembers(JsonGenerator out, Attachment attachment) {
        out.writeStringProperty("id", attachment.id().value());
        out.writeStringProperty("name", attachment.name());
        out.writeStringProperty("mediaType", attachment.mediaType());
        out.writeNumberProperty("bytes", attachment.bytes());
    }
}
