package io.insula.transport.websocket;

import io.insula.agent.Attachment;
import io.insula.agent.ThreadId;
import io.insula.engine.api.AgentListing;
import io.insula.engine.api.ErrorCode;
import io.insula.engine.api.Page;
import io.insula.engine.api.Position;
import io.insula.engine.api.Receipt;
import io.insula.engine.api.RunView;
import io.insula.engine.api.Snapshot;
import io.insula.engine.api.ThreadMessage;
import io.insula.engine.api.ThreadSummary;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;

/** Writes the bodies of answers over HTTP, as UTF-8. Safe for any number of threads. */
final class ResponseBodies {
    private final JsonObjects json = new JsonObjects();

    /** The body of {@code /health/live}. */
    byte[] live() {
        return json.write(out -> out.writeStringProperty("status", "live"));
    }

    /**
     * The body of {@code /health/ready}.
     *
     * @param troubles each by its word, with a word that says more, perhaps empty
     */
    byte[] ready(SequencedMap<String, String> troubles) {
        return json.write(out -> {
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

    /** The body of an input or an answer that was accepted. */
    byte[] accepted(Receipt receipt) {
        return json.write(out -> ViewMembers.receipt(out, receipt));
    }

    /** The body of one thread. */
    byte[] thread(ThreadSummary thread) {
        return json.write(out -> ViewMembers.threadMember(out, thread));
    }

    /** The body of some threads. */
    byte[] threads(Page<ThreadSummary> page) {
        return json.write(out -> ViewMembers.threads(out, page));
    }

    /** The body of some messages of a thread. */
    byte[] threadMessages(Page<ThreadMessage> page) {
        return json.write(out -> ViewMembers.threadMessages(out, page));
    }

    /** The body of a thread that was deleted. */
    byte[] deleted(ThreadId thread) {
        return json.write(out -> ViewMembers.deleted(out, thread));
    }

    /** The body of one run. */
    byte[] run(RunView run) {
        return json.write(out -> ViewMembers.runMember(out, run));
    }

    /** The body of some runs. */
    byte[] runs(Page<RunView> page) {
        return json.write(out -> ViewMembers.runs(out, page));
    }

    /** The body of what there is at a moment. */
    byte[] snapshot(Snapshot snapshot) {
        return json.write(out -> ViewMembers.snapshot(out, snapshot));
    }

    /** The body of an erase. */
    byte[] erased() {
        return json.write(out -> out.writeBooleanProperty("erased", true));
    }

    /** The body of a logout. */
    byte[] loggedOut() {
        return json.write(out -> out.writeBooleanProperty("loggedOut", true));
    }

    /** The body of a revocation. */
    byte[] revoked() {
        return json.write(out -> out.writeBooleanProperty("revoked", true));
    }

    /** The body of {@code GET /agents}. */
    byte[] agentList(List<AgentListing> agents) {
        return json.write(out -> ViewMembers.agents(out, agents));
    }

    /** The body of a stored attachment. */
    byte[] stored(Attachment attachment) {
        return json.write(out -> ViewMembers.attachmentMembers(out, attachment));
    }

    /** A problem as of RFC 9457. */
    byte[] problem(int status, String title, ErrorCode code, String detail, Optional<Position> resumeFrom) {
        return json.write(out -> {
            out.writeStringProperty("type", "about:blank");
            out.writeStringProperty("title", title);
            out.writeNumberProperty("status", status);
            out.writeStringProperty("detail", detail);
            ViewMembers.code(out, code);
            if (resumeFrom.isPresent()) {
                ViewMembers.position(out, "resumeFrom", resumeFrom.get());
            }
        });
    }
}
