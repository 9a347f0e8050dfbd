package io.insula.transport.websocket;

import io.insula.agent.ThreadId;
import io.insula.agent.UserId;
import io.insula.engine.api.AgentListing;
import io.insula.engine.api.ErrorCode;
import io.insula.engine.api.EventBatch;
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
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import tools.jackson.core.JsonGenerator;

/** Writes the messages of the server on a connection, as UTF-8. Safe for any number of threads. */
final class ServerMessages implements EventTelling {
    private final JsonObjects json = new JsonObjects();

    byte[] welcome(UserId user, String connection, Position head, List<AgentListing> agents, WelcomeLimits limits) {
        return message("welcome", Optional.empty(), out -> {
            out.writeName("user").writeStartObject();
            out.writeStringProperty("issuer", user.issuer());
            out.writeStringProperty("subject", user.subject());
            out.writeEndObject();
            out.writeStringProperty("connection", connection);
            ViewMembers.position(out, "head", head);
            ViewMembers.agents(out, agents);
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
        return message("accepted", Optional.of(id), out -> ViewMembers.receipt(out, receipt));
    }

    byte[] refused(Optional<String> id, RefusedException why) {
        return message("refused", id, out -> {
            ViewMembers.code(out, why.code());
            out.writeStringProperty("message", why.getMessage());
            Optional<Duration> retryAfter = why.retryAfter();
            if (retryAfter.isPresent()) {
                out.writeNumberProperty("retryAfterMillis", retryAfter.get().toMillis());
            }
            Optional<Position> resumeFrom = why.resumeFrom();
            if (resumeFrom.isPresent()) {
                ViewMembers.position(out, "resumeFrom", resumeFrom.get());
            }
        });
    }

    /** The connection goes on, and may subscribe again. */
    @Override
    public byte[] ended(RefusedException why) {
        return message("notice", Optional.empty(), out -> {
            out.writeStringProperty("code", "subscription-ended");
            out.writeStringProperty("reason", why.code().word());
            Optional<Position> resumeFrom = why.resumeFrom();
            if (resumeFrom.isPresent()) {
                ViewMembers.position(out, "resumeFrom", resumeFrom.get());
            }
        });
    }

    /** The engine has ended under the connection, which is closed next. */
    byte[] engineEnded(ErrorCode why) {
        return message("notice", Optional.empty(), out -> out.writeStringProperty("code", why.word()));
    }

    /** Why a connection is closed, where no code of a WebSocket can tell it. */
    byte[] closed(CloseReason why) {
        return json.write(out -> {
            out.writeNumberProperty("code", why.code());
            out.writeStringProperty("reason", why.text());
        });
    }

    byte[] pong(String id) {
        return message("pong", Optional.of(id), out -> {});
    }

    byte[] subscribed(String id, Position from) {
        return result(id, out -> ViewMembers.position(out, "from", from));
    }

    byte[] run(String id, RunView run) {
        return result(id, out -> ViewMembers.runMember(out, run));
    }

    byte[] runs(String id, Page<RunView> page) {
        return result(id, out -> ViewMembers.runs(out, page));
    }

    byte[] snapshot(String id, Snapshot snapshot) {
        return result(id, out -> ViewMembers.snapshot(out, snapshot));
    }

    byte[] threads(String id, Page<ThreadSummary> page) {
        return result(id, out -> ViewMembers.threads(out, page));
    }

    byte[] threadMessages(String id, Page<ThreadMessage> page) {
        return result(id, out -> ViewMembers.threadMessages(out, page));
    }

    byte[] threadSummary(String id, ThreadSummary thread) {
        return result(id, out -> ViewMembers.threadMember(out, thread));
    }

    byte[] tokenRefreshed(String id, Instant until) {
        return result(id, out -> out.writeStringProperty("until", until.toString()));
    }

    byte[] deleted(String id, ThreadId thread) {
        return result(id, out -> ViewMembers.deleted(out, thread));
    }

    /** Several events as one message; their JSON goes in as it is. */
    @Override
    public byte[] events(EventBatch batch) {
        int bytes = JsonObjects.USUAL_BYTES;
        for (UserEvent event : batch.events()) {
            bytes += event.json().length() + JsonObjects.USUAL_BYTES / 2;
        }
        return json.write(bytes, out -> {
            out.writeStringProperty("type", "events");
            out.writeStringProperty("epoch", batch.epoch());
            out.writeName("events").writeStartArray();
            for (UserEvent event : batch.events()) {
                out.writeStartObject();
                ViewMembers.event(out, event);
                out.writeEndObject();
            }
            out.writeEndArray();
        });
    }

    @Override
    public boolean isOver() {
        return false;
    }

    private byte[] result(String id, Consumer<JsonGenerator> members) {
        return message("result", Optional.of(id), members);
    }

    private byte[] message(String type, Optional<String> id, Consumer<JsonGenerator> members) {
        return json.write(out -> {
            out.writeStringProperty("type", type);
            if (id.isPresent()) {
                out.writeStringProperty("id", id.get());
            }
            members.accept(out);
        });
    }
}
