package io.insula.engine.api;

import io.insula.agent.AttachmentId;
import io.insula.agent.RunId;
import io.insula.agent.ThreadId;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * An input for an agent.
 *
 * @param request the client's own id of this input: sent again, it does not run again
 * @param thread the conversation; a new one if empty or not yet known
 * @param run the id the run shall have; one is made if empty
 * @param agent who shall answer; empty for the agent that answered last in the thread
 * @param input the words, at most 64 KiB as UTF-8
 * @param attachments files uploaded before; unmodifiable
 * @param whenBusy what to do if the thread is busy
 */
public record RunRequest(
        UUID request,
        Optional<ThreadId> thread,
        Optional<RunId> run,
        Optional<String> agent,
        String input,
        List<AttachmentId> attachments,
        WhenBusy whenBusy) {
    /** Copies the list. */
    public RunRequest {
        attachments = List.copyOf(attachments);
    }
}
