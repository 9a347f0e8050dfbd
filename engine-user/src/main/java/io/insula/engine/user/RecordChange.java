package io.insula.engine.user;

import io.insula.agent.Attachment;
import io.insula.agent.RunId;
import io.insula.agent.ThreadId;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Set;
import java.util.UUID;

/** A change to what the journal keeps of a user beside the events; made together with them or not at all. */
sealed interface RecordChange {
    /** An input for a thread was accepted; the title is that of a thread that is new. */
    record ThreadUsed(ThreadId thread, String titleIfNew, String agent, Instant at) implements RecordChange {}

    /** A thread got another title; nothing happens if it is gone. */
    record ThreadRenamed(ThreadId thread, String title) implements RecordChange {}

    /** A thread and its messages are gone. */
    record ThreadDeleted(ThreadId thread) implements RecordChange {}

    /** A run is new or has changed. */
    record RunSaved(RunRecord run) implements RecordChange {}

    /** What a run needs to go on has changed; forgotten when the run is saved as ended. */
    record RunCarried(RunId run, RunCarry carry) implements RecordChange {}

    /** A run has done something; forgotten when the run is saved as ended. */
    record Scripted(RunId run, ScriptEntry entry) implements RecordChange {}

    /**
     * A thread begins with copies of another one's messages up to one of them, and with it. The copies keep their
     * places and runs, and get ids of their own. Nothing happens if the other thread is gone or the new one is there.
     */
    record ThreadForked(
            ThreadId source, MessageRecord.Key upTo, ThreadId fork, String title, String agent, Instant at)
            implements
                RecordChange {}

    /** A message was said. */
    record MessageSaved(MessageRecord message) implements RecordChange {}

    /** The messages of these runs were taken back. */
    record MessagesHidden(ThreadId thread, Set<RunId> runs) implements RecordChange {
        /** Copies the set: a change must not fail, or differ, when it is written. */
        public MessagesHidden {
            runs = Set.copyOf(runs);
        }
    }

    /**
     * A request was accepted.
     *
     * @param eventsBehind how many events of the same append come behind the one that tells of it, to which the receipt
     *     points
     */
    record RequestAccepted(UUID id, Record body, RunId run, ThreadId thread, int eventsBehind)
            implements
                RecordChange {}

    /** A file was stored; nothing happens if that was said before. */
    record AttachmentSaved(Attachment attachment) implements RecordChange {}

    /** A plugin keeps a text for the user. */
    record TextKept(StoreKey key, String text) implements RecordChange {}

    /** A plugin forgets a text of the user. */
    record TextForgotten(StoreKey key) implements RecordChange {}

    /** Where a plugin keeps a text. */
    record StoreKey(String plugin, String name) {
        /** What a text under this name takes, as UTF-8, the name included. */
        long bytesWith(String text) {
            return (long) name.getBytes(StandardCharsets.UTF_8).length + text.getBytes(StandardCharsets.UTF_8).length;
        }
    }
}
