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
import java.io.IOException;
import java.nio.file.Path;
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
 *
 * <p>A user has a log from {@link #open} to {@link #erase}. Before and after, reads find nothing and make nothing, and
 * appends fail: what a run of an erased user still writes must not bring the user back.
 *
 * <p>While the journal is {@link JournalHealth.Down}, every append fails at once; reads go on where that is possible,
 * and fail with {@link java.io.UncheckedIOException} where it is not.
 */
interface EventJournal extends AutoCloseable {
    /**
     * Makes the user's log, under a new epoch, if there is none. Waits for storage.
     *
     * @throws JournalException if it could not be made
     */
    void open(UserId user) throws JournalException;

    /**
     * Forgets the user, after all that was to be appended before. Never blocks.
     *
     * @return completes when nothing of the user is stored any more, not even where storage keeps what it will write
     *     over; fails with {@link JournalException}
     */
    CompletionStage<Void> erase(UserId user);

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

    /** What waits to be written. */
    long waitingBytes();

    /** What is kept, about. */
    long keptBytes();

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

    /** Whether it can be written. */
    JournalHealth health();

    /**
     * Has {@code changed} called whenever {@link #health} has become another, in a thread of the journal that holds no
     * lock and must not be blocked.
     *
     * @return what ends it
     */
    Following watchHealth(Runnable changed);

    /** Users with runs that have not ended. */
    List<UserId> unfinishedUsers();

    /** Runs of the user that have not ended, in the order accepted. */
    List<UnfinishedRun> unfinishedRuns(UserId user);

    /** What a run that has not ended has done so far, in the order appended. */
    List<ScriptEntry> script(UserId user, RunId run);

    /**
     * Where the user's log begins and ends. Without a log it is empty, under an epoch that no position has: the empty
     * one.
     */
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

    /** Latest first. */
    Page<ThreadSummary> threads(UserId user, PageRequest page) throws RefusedException;

    /** Oldest first, without those taken back. */
    Page<ThreadMessage> messages(UserId user, ThreadId thread, PageRequest page) throws RefusedException;

    /** A message of a thread, unless it was taken back. */
    Optional<MessageRecord> message(UserId user, ThreadId thread, String messageId);

    /** The highest index of a message that the run has in the thread; -1 if it has none. */
    int lastMessageIndex(UserId user, ThreadId thread, long runOrdinal);

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

    /** Users with attachments. */
    List<UserId> attachmentOwners();

    /** All attachments of the user. */
    List<Attachment> attachments(UserId user);

    Optional<String> text(UserId user, RecordChange.StoreKey key);

    /** Names under which the plugin keeps texts, sorted. */
    List<String> textNames(UserId user, String plugin);

    /** Size of all texts that plugins keep for the user, names included, as UTF-8. */
    long textBytes(UserId user);

    /**
     * Shows everything that is kept of the user as it is at one moment. What waits for a slow peer is not to be done by
     * the visitor: as long as the visit lasts, storage cannot be tidied.
     *
     * @return where the log began and ended at that moment
     * @throws IOException if the visitor throws it, or it cannot be read
     */
    LogBounds visit(UserId user, JournalVisitor visitor) throws IOException;

    /**
     * Writes a copy of the whole journal as it is at one moment, while others write and read. A journal that is opened
     * on the copy gives every log a new epoch.
     *
     * @param file is not there yet
     * @throws IOException if it cannot be written, or there is nothing to copy because this journal is in memory
     */
    void backup(Path file) throws IOException;

    /** Writes what waits, then ends. Nobody reads from a file afterwards. */
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

        /** The position of the event of the append that has so many of it behind it. */
        Position positionBefore(int events) {
            return new Position(epoch, last - events);
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
    class JournalException extends Exception {
        private static final long serialVersionUID = 1L;

        private final boolean journalFailed;

        JournalException(String message) {
            this(message, false);
        }

        private JournalException(String message, boolean journalFailed) {
            super(message, null, false, false);
            this.journalFailed = journalFailed;
        }

        /** Says that nothing could be written, whatever it was. */
        static JournalException ofJournal(String message) {
            return new JournalException(message, true);
        }

        /** Whether the journal failed; else it was this append alone. */
        boolean isOfJournal() {
            return journalFailed;
        }
    }

    /** An append was not written: its request had been accepted before. */
    final class RequestKnownException extends JournalException {
        private static final long serialVersionUID = 1L;

        private final transient RequestRecord before;

        RequestKnownException(RequestRecord before) {
            super("the request was accepted before");
            this.before = before;
        }

        RequestRecord before() {
            return before;
        }
    }

    /** An append was not written: its user is not known, as nobody is who was erased. */
    final class NoLogException extends JournalException {
        private static final long serialVersionUID = 1L;

        NoLogException() {
            super("the user has no log");
        }
    }

    /** An append was not written: the user would have more threads than one may have. */
    final class ThreadsFullException extends JournalException {
        private static final long serialVersionUID = 1L;

        ThreadsFullException() {
            super("the user has too many threads");
        }
    }
}
