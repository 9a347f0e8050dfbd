package io.insula.transport.websocket;

import io.insula.agent.Attachment;
import io.insula.agent.ThreadId;
import io.insula.agent.UserId;
import io.insula.engine.api.AgentListing;
import io.insula.engine.api.ErrorCode;
import io.insula.engine.api.EventBatch;
import io.insula.engine.api.OpenQuestion;
import io.insula.engine.api.Page;
import io.insula.engine.api.Position;
import io.insula.engine.api.Receipt;
import io.insula.engine.api.RefusedException;
import io.insula.engine.api.RunView;
import io.insula.engine.api.Snapshot;
import io.insula.engine.api.ThreadMessage;
import io.insula.engine.api.ThreadSummary;
import io.insula.engine.api.UserEvent;
import io.insula.engine.api.UserLimits;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.Consumer;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.util.JsonRecyclerPools;

/** Writes what the server says, as UTF-8. Safe for any number of threads. */
final class ServerMessages {
    private static final int USUAL_BYTES = 512;

    /** Keeps no buffers: what one user said would stay in them, past an erase, until somebody else says more. */
    private final JsonFactory json =
            JsonFactory.builder().recyclerPool(JsonRecyclerPools.nonRecyclingPool()).build();

    byte[] welcome(UserId user, String connection, Position head, List<AgentListing> agents, WelcomeLimits limits) {
        return message("welcome", Optional.empty(), out -> {
            out.writeName("user").writeStartObject();
            out.writeStringProperty("issuer", user.issuer());
            out.writeStringProperty("subject", user.subject());
            out.writeEndObject();
            out.writeStringProperty("connection", connection);
            position(out, "head", head);
            agents(out, agents);
            UserLimits engine = limits.engine();
            out.writeName("limits").writeStartObject();
            out.writeNumberProperty("messageBytes", limits.messageBytes());
            out.writeNumberProperty("inputBytes", engine.inputBytes());
            out.writeNumberProperty("attachmentBytes", engine.attachmentBytes());
            out.writeNumberProperty("attachmentsBytes", engine.attachmentsBytes());
            out.writeNumberProperty("runsAtOnce", engine.runsAtOnce());
            out.writeNumberProperty("queuedRuns", engine.queuedRuns());
            out.writeNumberProperty("messagesPerMinute", limits.messagesPerMinute());
            out.writeEndObject();
        });
    }

    /**
     * The limits that a client is told.
     *
     * @param engine those of the engine
     * @param messageBytes size of a message
     * @param messagesPerMinute messages in the long run
     */
    record WelcomeLimits(UserLimits engine, int messageBytes, int messagesPerMinute) {}

    byte[] accepted(String id, Receipt receipt) {
        return message("accepted", Optional.of(id), out -> {
            out.writeStringProperty("run", receipt.run().value());
            out.writeStringProperty("thread", receipt.thread().value());
            position(out, "position", receipt.position());
        });
    }

    byte[] refused(Optional<String> id, RefusedException why) {
        return message("refused", id, out -> {
            code(out, why.code());
            out.writeStringProperty("message", why.getMessage());
            Optional<Duration> retryAfter = why.retryAfter();
            if (retryAfter.isPresent()) {
                out.writeNumberProperty("retryAfterMillis", retryAfter.get().toMillis());
            }
            Optional<Position> resumeFrom = why.resumeFrom();
            if (resumeFrom.isPresent()) {
                position(out, "resumeFrom", resumeFrom.get());
            }
        });
    }

    byte[] subscriptionEnded(RefusedException why) {
        return message("notice", Optional.empty(), out -> {
            out.writeStringProperty("code", "subscription-ended");
            out.writeStringProperty("reason", why.code().word());
            Optional<Position> resumeFrom = why.resumeFrom();
            if (resumeFrom.isPresent()) {
                position(out, "resumeFrom", resumeFrom.get());
            }
        });
    }

    /** The engine has ended under the connection, which is closed next. */
    byte[] engineEnded(ErrorCode why) {
        return message("notice", Optional.empty(), out -> out.writeStringProperty("code", why.word()));
    }

    /** The body of {@code /health/live}. */
    byte[] live() {
        return object(USUAL_BYTES, out -> out.writeStringProperty("status", "live"));
    }

    /**
     * The body of {@code /health/ready}.
     *
     * @param troubles each by its word, with a word that says more, perhaps empty
     */
    byte[] ready(SequencedMap<String, String> troubles) {
        return object(USUAL_BYTES, out -> {
            out.writeStringProperty("status", troubles.isEmpty() ? "ready" : "not-ready");
            out.writeName("reasons").writeStartArray();
            troubles.keySet().forEach(out::writeString);
            out.writeEndArray();
            out.writeName("details").writeStartObject();
            troubles.forEach((code, detail) -> {
                if (!detail.isEmpty()) {
                    out.writeStringProperty(code, detail);
                }
            });
            out.writeEndObject();
        });
    }

    byte[] pong(String id) {
        return message("pong", Optional.of(id), out -> {});
    }

    byte[] subscribed(String id, Position from) {
        return result(id, out -> position(out, "from", from));
    }

    byte[] run(String id, RunView run) {
        return result(id, out -> {
            out.writeName("run");
            run(out, run);
        });
    }

    byte[] runs(String id, Page<RunView> page) {
        return result(id, out -> {
            out.writeName("runs").writeStartArray();
            page.items().forEach(run -> run(out, run));
            out.writeEndArray();
            next(out, page.next());
        });
    }

    byte[] snapshot(String id, Snapshot snapshot) {
        return result(id, out -> {
            position(out, "position", snapshot.position());
            out.writeName("threads").writeStartArray();
            snapshot.threads().forEach(thread -> thread(out, thread));
            out.writeEndArray();
            out.writeName("runs").writeStartArray();
            snapshot.runs().forEach(run -> run(out, run));
            out.writeEndArray();
        });
    }

    byte[] threads(String id, Page<ThreadSummary> page) {
        return result(id, out -> {
            out.writeName("threads").writeStartArray();
            page.items().forEach(thread -> thread(out, thread));
            out.writeEndArray();
            next(out, page.next());
        });
    }

    byte[] threadMessages(String id, Page<ThreadMessage> page) {
        return result(id, out -> {
            out.writeName("messages").writeStartArray();
            page.items().forEach(message -> threadMessage(out, message));
            out.writeEndArray();
            next(out, page.next());
        });
    }

    byte[] threadSummary(String id, ThreadSummary thread) {
        return result(id, out -> {
            out.writeName("thread");
            thread(out, thread);
        });
    }

    /** The body of a thread that was begun over HTTP. */
    byte[] threadBegun(ThreadSummary thread) {
        return object(USUAL_BYTES, out -> {
            out.writeName("thread");
            thread(out, thread);
        });
    }

    /** The body of an erase. */
    byte[] erased() {
        return object(USUAL_BYTES, out -> out.writeBooleanProperty("erased", true));
    }

    byte[] deleted(String id, ThreadId thread) {
        return result(id, out -> out.writeStringProperty("thread", thread.value()));
    }

    /** Several events as one message; their JSON goes in as it is. */
    byte[] events(EventBatch batch) {
        int bytes = USUAL_BYTES;
        for (UserEvent event : batch.events()) {
            bytes += event.json().length() + USUAL_BYTES / 2;
        }
        return object(bytes, out -> {
            out.writeStringProperty("type", "events");
            out.writeStringProperty("epoch", batch.epoch());
            out.writeName("events").writeStartArray();
            for (UserEvent event : batch.events()) {
                out.writeStartObject();
                out.writeNumberProperty("sequence", event.sequence());
                out.writeStringProperty("thread", event.thread().value());
                out.writeStringProperty("run", event.run().value());
                out.writeName("event").writeRawValue(event.json());
                out.writeEndObject();
            }
            out.writeEndArray();
        });
    }

    /** The body of {@code GET /agents}. */
    byte[] agentList(List<AgentListing> agents) {
        return object(USUAL_BYTES, out -> agents(out, agents));
    }

    /** The body of a stored attachment. */
    byte[] stored(Attachment attachment) {
        return object(USUAL_BYTES, out -> attachmentMembers(out, attachment));
    }

    /** A problem as of RFC 9457. */
    byte[] problem(int status, String title, ErrorCode code, String detail) {
        return object(USUAL_BYTES, out -> {
            out.writeStringProperty("type", "about:blank");
            out.writeStringProperty("title", title);
            out.writeNumberProperty("status", status);
            out.writeStringProperty("detail", detail);
            code(out, code);
        });
    }

    private byte[] result(String id, Consumer<JsonGenerator> members) {
        return message("result", Optional.of(id), members);
    }

    private byte[] message(String type, Optional<String> id, Consumer<JsonGenerator> members) {
        return object(USUAL_BYTES, out -> {
            out.writeStringProperty("type", type);
            if (id.isPresent()) {
                out.writeStringProperty("id", id.get());
            }
            members.accept(out);
        });
    }

    private byte[] object(int expectedBytes, Consumer<JsonGenerator> members) {
        var bytes = new ByteArrayOutputStream(expectedBytes);
        try (JsonGenerator out = json.createGenerator(ObjectWriteContext.empty(), bytes)) {
            out.writeStartObject();
            members.accept(out);
            out.writeEndObject();
        }
        return bytes.toByteArray();
    }

    private static void code(JsonGenerator out, ErrorCode code) {
        out.writeStringProperty("code", code.word());
        out.writeNumberProperty("number", code.number());
    }

    private static void position(JsonGenerator out, String name, Position position) {
        out.writeName(name).writeStartObject();
        out.writeStringProperty("epoch", position.epoch());
        out.writeNumberProperty("sequence", position.sequence());
        out.writeEndObject();
    }

    private static void next(JsonGenerator out, Optional<String> next) {
        if (next.isPresent()) {
            out.writeStringProperty("next", next.get());
        }
    }

    private static void agents(JsonGenerator out, List<AgentListing> agents) {
        out.writeName("agents").writeStartArray();
        for (AgentListing agent : agents) {
            out.writeStartObject();
            out.writeStringProperty("name", agent.name());
            out.writeStringProperty("summary", agent.summary());
            out.writeEndObject();
        }
        out.writeEndArray();
    }

    private static void run(JsonGenerator out, RunView run) {
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
        out.writeName("questions").writeStartArray();
        run.questions().forEach(question -> question(out, question));
        out.writeEndArray();
        out.writeEndObject();
    }

    private static void question(JsonGenerator out, OpenQuestion question) {
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

    private static void thread(JsonGenerator out, ThreadSummary thread) {
        out.writeStartObject();
        out.writeStringProperty("thread", thread.thread().value());
        out.writeStringProperty("title", thread.title());
        out.writeStringProperty("agent", thread.agent());
        out.writeStringProperty("createdAt", thread.createdAt().toString());
        out.writeStringProperty("updatedAt", thread.updatedAt().toString());
        out.writeBooleanProperty("busy", thread.busy());
        out.writeEndObject();
    }

    private static void threadMessage(JsonGenerator out, ThreadMessage message) {
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

    private static void attachmentMembers(JsonGenerator out, Attachment attachment) {
        out.writeStringProperty("id", attachment.id().value());
        out.writeStringProperty("name", attachment.name());
        out.writeStringProperty("mediaType", attachment.mediaType());
        out.writeNumberProperty("bytes", attachment.bytes());
    }
}
