package io.insula.engine.user;

import io.insula.agent.AttachmentId;
import io.insula.agent.RunId;
import io.insula.agent.ThreadId;
import io.insula.engine.api.AnswerRequest;
import io.insula.engine.api.RunRequest;
import io.insula.engine.api.WhenBusy;
import java.util.List;
import java.util.UUID;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** How the journal writes what a request asked, so that it is equal to what a client sends again. */
final class BodyJson {
    private static final String RUN = "run";
    private static final String ANSWER = "answer";

    private BodyJson() {}

    static String encode(Record body) {
        return JsonFields.text(tree(body));
    }

    static ObjectNode tree(Record body) {
        return switch (body) {
            case RunRequest request -> encode(request);
            case AnswerRequest request -> encode(request);
            default -> throw new IllegalArgumentException("no request has a " + body.getClass().getSimpleName());
        };
    }

    static Record decode(String json) {
        JsonFields fields = JsonFields.parse(json);
        Record body = switch (fields.string("kind")) {
            case RUN -> run(fields);
            case ANSWER -> answer(fields);
            default -> throw new IllegalArgumentException("the journal holds a request of an unknown kind");
        };
        fields.end();
        return body;
    }

    private static ObjectNode encode(RunRequest request) {
        ObjectNode node = JsonFields.object()
                .put("kind", RUN)
                .put("request", request.request().toString())
                .put("input", request.input())
                .put("whenBusy", request.whenBusy().name());
        request.thread().ifPresent(thread -> node.put("thread", thread.value()));
        request.run().ifPresent(run -> node.put("run", run.value()));
        request.agent().ifPresent(agent -> node.put("agent", agent));
        put(node, request.attachments());
        return node;
    }

    private static RunRequest run(JsonFields fields) {
        return new RunRequest(
                UUID.fromString(fields.string("request")),
                fields.optional("thread").map(ThreadId::new),
                fields.optional("run").map(RunId::new),
                fields.optional("agent"),
                fields.string("input"),
                attachments(fields),
                WhenBusy.valueOf(fields.string("whenBusy")));
    }

    private static ObjectNode encode(AnswerRequest request) {
        ObjectNode node = JsonFields.object()
                .put("kind", ANSWER)
                .put("request", request.request().toString())
                .put("run", request.run().value())
                .put("question", request.question());
        switch (request.content()) {
            case AnswerRequest.Content.Approval(boolean approved) -> node.put("approved", approved);
            case AnswerRequest.Content.Words(String text) -> node.put("text", text);
            case AnswerRequest.Content.Files(List<AttachmentId> attachments) -> put(node, attachments);
        }
        return node;
    }

    private static AnswerRequest answer(JsonFields fields) {
        return new AnswerRequest(
                UUID.fromString(fields.string("request")),
                new RunId(fields.string("run")),
                fields.string("question"),
                content(fields));
    }

    private static AnswerRequest.Content content(JsonFields fields) {
        if (fields.has("approved")) {
            return new AnswerRequest.Content.Approval(fields.flag("approved"));
        }
        return fields.has("text")
                ? new AnswerRequest.Content.Words(fields.string("text"))
                : new AnswerRequest.Content.Files(attachments(fields));
    }

    private static void put(ObjectNode node, List<AttachmentId> attachments) {
        ArrayNode array = node.putArray("attachments");
        attachments.forEach(attachment -> array.add(attachment.value()));
    }

    private static List<AttachmentId> attachments(JsonFields fields) {
        return fields.strings("attachments").stream().map(AttachmentId::new).toList();
    }
}
