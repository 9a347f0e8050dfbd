package io.insula.transport.websocket;

import io.insula.agent.AttachmentId;
import io.insula.agent.RunId;
import io.insula.agent.ThreadId;
import io.insula.engine.api.AnswerRequest;
import io.insula.engine.api.WhenBusy;
import java.util.List;
import java.util.Optional;

/**
 * What a client of AG-UI wants: an input to be answered, or a run to go on.
 *
 * @param thread the conversation
 * @param run the client's id of what it is going to be told
 * @param texts the user's messages behind the last one of an agent
 * @param attachments the files these name
 * @param whenBusy what to do if the thread is busy, where the client says so
 * @param resume the run to go on with; then texts and attachments mean nothing
 */
record RunInput(
        ThreadId thread,
        RunId run,
        List<String> texts,
        List<AttachmentId> attachments,
        Optional<WhenBusy> whenBusy,
        Optional<Resume> resume) {
    RunInput {
        texts = List.copyOf(texts);
        attachments = List.copyOf(attachments);
    }

    /**
     * Goes on behind a question.
     *
     * @param interrupt which one
     * @param answer the answer; empty if the user gave the question up
     */
    record Resume(InterruptId interrupt, Optional<AnswerRequest.Content> answer) {}
}
