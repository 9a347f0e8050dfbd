package io.insula.engine.user;

import io.insula.agent.Attachment;
import io.insula.engine.api.UserEvent;
import java.io.IOException;

/**
 * Is shown everything that is kept of a user: first the threads, then the messages, runs, requests, attachments and
 * texts, last the events. Called without any lock; what it throws ends the visit.
 */
interface JournalVisitor {
    /** In the order of their last use, the one used longest ago first. */
    void thread(ThreadRecord thread) throws IOException;

    /** In the order of the conversation within a thread. */
    void message(MessageRecord message) throws IOException;

    /** In the order accepted. */
    void run(RunRecord run) throws IOException;

    /** In the order accepted. */
    void request(RequestRecord request) throws IOException;

    void attachment(Attachment attachment) throws IOException;

    void text(RecordChange.StoreKey key, String text) throws IOException;

    /** In order, without holes. */
    void event(UserEvent event) throws IOException;
}
