package io.insula.engine.api;

import io.insula.agent.AttachmentId;
import io.insula.agent.RunId;
import java.util.List;
import java.util.UUID;

/**
 * An answer to a question of a run.
 *
 * @param request the client's own id of this answer: sent again, it does not answer again
 * @param run the run that asks
 * @param question the question's id, unique within the run
 * @param content the answer
 */
public record AnswerRequest(UUID request, RunId run, String question, Content content) {
    /** What is answered; its kind must be the question's. */
    public sealed interface Content {
        /** Whether something is approved. */
        record Approval(boolean approved) implements Content {}

        /** Words, or the chosen option; at most 64 KiB as UTF-8. */
        record Words(String text) implements Content {}

        /** Files uploaded before; at least one. */
        record Files(List<AttachmentId> attachments) implements Content {
            /** Copies the list. */
            public Files {
                attachments = List.copyOf(attachments);
            }
        }
    }
}
