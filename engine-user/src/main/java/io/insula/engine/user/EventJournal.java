package io.insula.engine.user;

import io.insula.agent.Attachment;
import io.insula.agent.AttachmentId;
import io.insula.agent.RunId;
import io.insula.agent.ThreadId;
import io.insula.agent.UserId;
import io.insula.engine.api.Page;
import io.insula.engine.api.PageRequest;
import io.insula.engine.api.Position;
import io.insula.engine.api.RefusedException;
import io.insula.engine.api.RunView;
import io.insula.engine.api.Snapshot;
import io.insula.engine.api.ThreadMessage;
import io.insula.engine.api.ThreadSummary;
import io.insula.engine.api.UserEvent;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletionStage;

/**
 * The durable, ordered event log and records of all users.
 *
 * <p>Safe for any number of threads. What was not appended completely is never read by anybody; what was is read by
 * everybody at once, events and records together. Appends of one user are written in the order of the calls, and their
 * stages complete in that order, in a thread of the journal that holds no lock then and must not be blocked. Sequences
 * of a user begin at 1 and have no holes. A bad append fails alone. Reads may wait for storage.
 */
interface EventJournal extends AutoCloseable {
    /**
     * Writes. Never blocks.
     *
     * @return completes with the positions when it is durable; fails with {@link JournalException}, and then nothing
     *     of it was written
     */
    CompletionStage<Appended> append(UserId user, JournalAppend append);

    /**
     * Waits while the user's share of what waits to be written is full, or everybody's is.
     *
     * @throws InterruptedException if the thread is interrupted meanwhile
     */
    void awaitRoom(UserId user) throws InterruptedException;

    /** Whether new work may be accepted: neither what waits nor what is kept is over its limit. */
    boolean hasRoom();

    /**
     * Whether so much is kept that runs must not add to it. Appends are written all the same: without its last events
     * a run would never end.
     */
    boolean isFull();

    /**
     * Has {@code written} called whenever something of the user has become durable, after the stages of the appends
     * have completed, in a thread of the journal that holds no lock and must not be blocked. Several appends may give
     * one call.
     *
     * @return what ends it
     */
    Following follow(UserId user, Runnable written);

    /** Where the user's log begins and ends. */
    LogBounds bounds(UserId user);

    /**
     * Reads events behind a sequence.
     *
     * @param after 0 or more
     * @param maxEvents at most this many
     * @param maxBytes stops after the event that reaches this many characters
     */
    List<UserEvent> read(UserId user, long after, int maxEvents, int maxBytes);

    /** What there is at the end of the log. */
    Snapshot snapshot(UserId user, int threads);

    Optional<ThreadRecord> thread(UserId user, ThreadId thread);

    int threadCount(UserId user);

    /** Latest first. */
    Page<ThreadSummary> threads(UserId user, PageRequest page) throws RefusedException;

    /** Oldest first, without those taken back. */
    Page<ThreadMessage> messages(UserId user, ThreadId thread, PageRequest page) throws RefusedException;

    /** The latest messages of runs before this ordinal, oldest first, without those taken back. */
    List<MessageRecord> conversation(UserId user, ThreadId thread, long beforeRun, int limit);

    Optional<RunRecord> run(UserId user, RunId run);

    /** The ordinal of the user's last run; 0 before the first. */
    long lastRunOrdinal(UserId user);

    /** Latest first. */
    Page<RunView> runs(UserId user, PageRequest page) throws RefusedException;

    Optional<RequestRecord> request(UserId user, UUID request);

    Optional<Attachment> attachment(UserId user, AttachmentId attachment);

    int attachmentsCount(UserId user);

    /** Size of all attachments of the user. */
    long attachmentsBytes(UserId user);

    Optional<String> text(UserId user, RecordChange.StoreKey key);

    /** Names under which the plugin keeps texts, sorted. */
    List<String> textNames(UserId user, String plugin);

    /** Size of all texts that plugins keep for the user, names included, as UTF-8. */
    long textBytes(UserId user);

    /** Writes what waits, then ends. */
    @Override
    void close();

    /** A wish to be told. */
    @FunctionalInterface
    interface Following {
        /** Ends it; later calls do nothing. */
        void end();
    }

    /**
     * Where an append came to stand.
     *
     * @param epoch the log
     * @param last the sequence of its last event, or of the last event before it if it had none
     */
    record Appended(String epoch, long last) {
        Position position() {
            return new Position(epoch, last);
        }
    }

    /**
     * Where a log begins and ends.
     *
     * @param epoch names the log
     * @param start the oldest event kept; one more than {@code head} if none is
     * @param head the latest event; 0 before the first
     */
    record LogBounds(String epoch, long start, long head) {
        Position position() {
            return new Position(epoch, head);
        }

        /** The earliest position that can be followed. */
        Position earliest() {
            return new Position(epoch, start - 1);
        }
    }

    /** An append was not written. */
    final class JournalException extends Exception {
        private static final long serialVersionUID = 1L;

        JournalException(String message) {
            super(message, null, false, false);
        }
    }
}
