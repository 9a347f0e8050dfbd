package io.insula.transport.websocket;

import io.insula.agent.RunId;
import io.insula.agent.ThreadId;
import io.insula.engine.api.EventBatch;
import io.insula.engine.api.Position;
import io.insula.engine.api.RefusedException;
import io.insula.engine.api.UserEvent;
import io.insula.engine.api.UserExecutionEngine;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.Consumer;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/**
 * Tells of one run as AG-UI 1.0 knows it, out of the user's log. There a question goes on within its run; for AG-UI it is
 * the end of one run, and the answer begins another. So a run of ours is shown as one run of AG-UI for each part between
 * two questions that wait.
 */
final class RunProjection implements EventTelling {
    /**
     * Which part of a run is shown.
     *
     * @param thread its thread
     * @param run the run
     * @param accepted the position at which it was accepted
     * @param shownAs the id of the run of AG-UI
     * @param behind the question behind which the part begins; empty for the first part
     */
    record Part(ThreadId thread, RunId run, Position accepted, RunId shownAs, Optional<String> behind) {}

    private enum Phase {
        /** What comes belongs to parts before. */
        BEFORE,
        /** What comes is told. */
        TELLING,
        /** All is told. */
        OVER
    }

    private final UserExecutionEngine engine;
    private final Part part;
    private final JsonObjects objects = new JsonObjects();
    private final JsonFactory json = StrictJson.streaming();
    private final OpenEntities open = new OpenEntities();
    private Phase phase = Phase.BEFORE;

    /** Makes one for the log behind the acceptance of the run. */
    RunProjection(UserExecutionEngine engine, Part part) {
        this.engine = engine;
        this.part = part;
    }

    @Override
    public byte[] events(EventBatch batch) {
        var text = new ServerSentEvents(JsonObjects.USUAL_BYTES);
        for (UserEvent event : batch.events()) {
            if (event.run().equals(part.run()) && phase != Phase.OVER) {
                follow(event.json(), text);
            }
        }
        return text.bytes();
    }

    private void follow(String event, ServerSentEvents text) {
        EventHead head = EventHead.read(json, event);
        boolean ends = head.type().equals("RUN_FINISHED") || head.type().equals("RUN_ERROR");
        if (phase == Phase.BEFORE) {
            if (!ends && !isBegin(head, event)) {
                open.follow(head, event);
                return;
            }
            phase = Phase.TELLING;
            if (head.type().equals("RUN_STARTED")) {
                text.event(event.getBytes(StandardCharsets.UTF_8));
                return;
            }
            begin(text);
            if (!ends) {
                return;
            }
        }
        open.follow(head, event);
        if (ends) {
            phase = Phase.OVER;
            text.event(head.type().equals("RUN_FINISHED") ? renamed(event) : event.getBytes(StandardCharsets.UTF_8));
        } else if (head.isCustom("insula.question")) {
            ask(head, event, text);
        } else {
            text.event(event.getBytes(StandardCharsets.UTF_8));
        }
    }

    private boolean isBegin(EventHead head, String event) {
        if (part.behind().isEmpty()) {
            return head.type().equals("RUN_STARTED");
        }
        return head.isCustom("insula.question")
                && AskedQuestion.read(json, event).id().equals(part.behind().get());
    }

    /** Begins a part that is not the first, with what the parts before left open. */
    private void begin(ServerSentEvents text) {
        text.event(objects.write(out -> {
            out.writeStringProperty("type", "RUN_STARTED");
            ids(out);
            out.writeStringProperty("protocolVersion", "1.0");
        }));
        for (OpenEntities.Entity entity : open.inOrder()) {
            text.event(entity.opening().getBytes(StandardCharsets.UTF_8));
        }
    }

    /** A question that still waits ends the part; one that was answered is a matter of the past. */
    private void ask(EventHead head, String event, ServerSentEvents text) {
        AskedQuestion question = AskedQuestion.read(json, event);
        if (!isWaiting(question)) {
            text.event(event.getBytes(StandardCharsets.UTF_8));
            return;
        }
        var interrupt = new InterruptId(part.accepted(), part.run(), question.id());
        String asker = head.name("subagentRunId");
        for (OpenEntities.Entity entity : open.inOrder().reversed()) {
            text.event(objects.write(out -> close(out, entity, asker, interrupt)));
        }
        text.event(objects.write(out -> {
            out.writeStringProperty("type", "RUN_FINISHED");
            ids(out);
            out.writeName("outcome").writeStartObject();
            out.writeStringProperty("type", "interrupt");
            out.writeName("interrupts").writeStartArray();
            out.writeStartObject();
            question.interruptMembers(out, interrupt);
            if (!asker.isEmpty()) {
                out.writeStringProperty("subagentRunId", asker);
            }
            out.writeEndObject();
            out.writeEndArray();
            out.writeEndObject();
        }));
        phase = Phase.OVER;
    }

    private boolean isWaiting(AskedQuestion question) {
        try {
            return engine.run(part.run()).questions().stream()
                    .anyMatch(waiting -> waiting.id().equals(question.id()));
        } catch (RefusedException e) {
            // The run is gone, and its questions with it.
            return false;
        }
    }

    private static void close(
            JsonGenerator out, OpenEntities.Entity entity, String asker, InterruptId interrupt) {
        out.writeStringProperty("type", entity.end());
        out.writeStringProperty(entity.idMember(), entity.id());
        if (!entity.isSubAgent()) {
            entity.owner().ifPresent(owner -> out.writeStringProperty("subagentRunId", owner));
            return;
        }
        out.writeName("outcome").writeStartObject();
        out.writeStringProperty("type", "suspended");
        if (entity.id().equals(asker)) {
            out.writeName("interruptIds").writeStartArray();
            out.writeString(interrupt.text());
            out.writeEndArray();
        }
        out.writeEndObject();
    }

    private void ids(JsonGenerator out) {
        out.writeStringProperty("threadId", part.thread().value());
        out.writeStringProperty("runId", part.shownAs().value());
    }

    /** The end of the run as the end of what it is shown as. */
    private byte[] renamed(String event) {
        try (JsonParser parser = json.createParser(ObjectReadContext.empty(), event)) {
            parser.nextToken();
            return objects.write(event.length() + JsonObjects.USUAL_BYTES, out -> {
                while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                    String name = parser.currentName();
                    out.writeName(name);
                    parser.nextToken();
                    if (name.equals("runId")) {
                        out.writeString(part.shownAs().value());
                    } else {
                        out.copyCurrentStructure(parser);
                    }
                }
            });
        }
    }

    @Override
    public byte[] ended(RefusedException why) {
        phase = Phase.OVER;
        return error(why.code().word(), why.getMessage());
    }

    /** What is said last: nothing, if all is told, else that the stream ends before. */
    byte[] farewell(CloseReason why) {
        return why == CloseReason.OVER
                ? new byte[0]
                : error(why.text().replace(' ', '-'), "The stream ends before the run: " + why.text() + ".");
    }

    private byte[] error(String code, String message) {
        Consumer<JsonGenerator> members = out -> {
            out.writeStringProperty("type", "RUN_ERROR");
            out.writeStringProperty("message", message);
            out.writeStringProperty("code", code);
        };
        return new ServerSentEvents(JsonObjects.USUAL_BYTES).event(objects.write(members)).bytes();
    }

    @Override
    public boolean isOver() {
        return phase == Phase.OVER;
    }
}
