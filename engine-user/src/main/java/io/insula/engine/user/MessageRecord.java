package io.insula.engine.user;

import io.insula.agent.Attachment;
import io.insula.agent.ConversationMessage;
import io.insula.agent.RunId;
import io.insula.agent.ThreadId;
import io.insula.engine.api.ThreadMessage;
import java.time.Instant;
import java.util.List;

/**
 * A message of a thread, as the journal keeps it.
 *
 * @param key its place in the thread
 */
record MessageRecord(
        Key key,
        String id,
        ThreadId thread,
        RunId run,
        ConversationMessage.Role role,
        String agent,
        String text,
        List<Attachment> attachments,
        Instant at) {
    ThreadMessage view() {
        return new ThreadMessage(id, run, role, agent, text, attachments, at);
    }

    /** This message as it stands in a fork of its thread. */
    MessageRecord in(ThreadId fork) {
        return new MessageRecord(
                key,
                fork.value() + ":" + key.runOrdinal() + "." + key.index(),
                fork,
                run,
                role,
                agent,
                text,
                attachments,
                at);
    }

    /**
     * Orders a thread by its runs, and within a run by when it was said: an input that waited stands before its own
     * answer and not before the answer it waited for.
     */
    record Key(long runOrdinal, int index) implements Comparable<Key> {
        @Override
        public int compareTo(Key other) {
            int byRun = Long.compare(runOrdinal, other.runOrdinal);
            return byRun != 0 ? byRun : Integer.compare(index, other.index);
        }
    }
}
