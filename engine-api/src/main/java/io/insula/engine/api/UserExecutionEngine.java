package io.insula.engine.api;

import io.insula.agent.Attachment;
import io.insula.agent.AttachmentId;
import io.insula.agent.RunId;
import io.insula.agent.ThreadId;
import io.insula.agent.UserId;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * The only thing that runs agents, for exactly one user.
 *
 * <p>There is one engine for each user at any moment, and it is reached only through {@link Directory}. Every id given
 * to it is looked up among this user's own: an id of somebody else and one that never existed give the same answer.
 *
 * <p>Safe for any number of threads. Methods that return a stage do not block; what they decide, they decide in the
 * order of the calls, and the stage completes when the decision is durable, or fails with {@link RefusedException}.
 * Its dependents run in a thread of the platform and must not block. The other methods read; they may wait for storage.
 * Every method throws {@link RefusedException} with {@link ErrorCode#ENGINE_CLOSED} after the lease was closed and the
 * engine evicted, and nothing has happened then.
 */
public interface UserExecutionEngine {
    /** The user. */
    UserId user();

    /** The agents that can be asked now, sorted by name. */
    List<AgentListing> agents();

    /** What the user may use at most. */
    UserLimits limits();

    /**
     * Accepts an input for an agent. The same request with the same body is accepted once, and gives the first receipt
     * again; with another body it is refused. A refused request consumes nothing and may be sent again.
     */
    CompletionStage<Receipt> submit(RunRequest request);

    /**
     * Stops a run, at whatever stage it is. A run that has ended stays as it ended.
     *
     * @return the run as it stands after the terminal event is durable
     */
    CompletionStage<RunView> cancel(RunId run);

    /** Answers a question of a run, once; repeated like {@link #submit}. */
    CompletionStage<Receipt> answer(AnswerRequest request);

    /**
     * Follows all events of the user.
     *
     * @param from where to begin
     * @param available called, without blocking and by any thread, when there may be something to
     *     {@link EventSubscription#poll}; several events may give one call, and a call may find nothing
     * @throws RefusedException if the position is of another epoch, in the future, or no longer kept
     */
    EventSubscription subscribe(SubscribeFrom from, Runnable available) throws RefusedException;

    /** What there is at this moment, and the position from which to follow it. */
    Snapshot snapshot() throws RefusedException;

    /** The user's threads, latest first. */
    Page<ThreadSummary> threads(PageRequest page) throws RefusedException;

    /** The messages of a thread, oldest first. */
    Page<ThreadMessage> messages(ThreadId thread, PageRequest page) throws RefusedException;

    /** Gives a thread another title, 1 to 200 characters. */
    CompletionStage<ThreadSummary> rename(ThreadId thread, String title);

    /** Deletes a thread with its messages; refused while it has runs that have not ended. */
    CompletionStage<ThreadId> delete(ThreadId thread);

    /**
     * Begins a thread with copies of another one's messages, up to one of them and with it. Runs of the other thread go
     * on where they are.
     *
     * @param message the last message to copy; one that was taken back is as unknown as one that never was
     * @param fork the id of the new thread; one is made if empty
     */
    CompletionStage<ThreadSummary> fork(ThreadId thread, String message, Optional<ThreadId> fork);

    /** One run. */
    RunView run(RunId run) throws RefusedException;

    /** The user's runs, latest first. */
    Page<RunView> runs(PageRequest page) throws RefusedException;

    /**
     * Stores a file for use in later inputs and answers. Blocks while it reads the content.
     *
     * @param name the file's name, 1 to 255 characters without {@code /} and {@code \}
     * @param mediaType at most 127 characters
     * @param content read to its end, not closed
     * @throws RefusedException if the file or the user's files become too large, or there is no room on the disk; nothing
     *     is kept then
     * @throws IOException if {@code content} cannot be read; nothing is kept then
     */
    Attachment attach(String name, String mediaType, InputStream content) throws RefusedException, IOException;

    /**
     * Begins an upload in pieces. The announced bytes count among the user's attachments from now on. Blocks.
     *
     * @param name as for {@link #attach}
     * @param mediaType as for {@link #attach}
     * @param bytes size of the file, 0 or more; one of 0 bytes is whole at once
     * @throws RefusedException if the file or the user's files become too large, the user has too many unfinished uploads,
     *     or there is no room on the disk; nothing has begun then
     */
    Upload beginUpload(String name, String mediaType, long bytes) throws RefusedException;

    /**
     * How far an upload is. What has come is brought to the disk before this is told, and a piece that is on its way
     * goes on. Blocks. One that is whole is told of for as long as its attachment is kept; so is an attachment that
     * never was in pieces.
     *
     * @throws RefusedException with {@link ErrorCode#UPLOAD_UNKNOWN} if it was cancelled, has expired, or never was; with
     *     {@link ErrorCode#JOURNAL_UNAVAILABLE} if all has come and cannot be made an attachment at the moment
     */
    Upload upload(AttachmentId id) throws RefusedException;

    /**
     * Takes in the next piece of an upload; with the last byte it becomes an attachment, once. Blocks while it reads the
     * content. Of several at the same time the latest goes on, and the one before is refused with its next bytes.
     *
     * @param offset where the piece begins: as many bytes as have come
     * @param content read to its end or to the last byte that was announced, whichever comes first; not closed
     * @return how far it is, all that was read included
     * @throws RefusedException with {@link ErrorCode#UPLOAD_OFFSET} if something else has come, before anything is read,
     *     or if a later piece took over; with {@link ErrorCode#UPLOAD_UNKNOWN} as {@link #upload}. What was read before
     *     this one is refused for another reason is kept as far as the disk takes it
     * @throws IOException if {@code content} cannot be read; what was read before is kept
     */
    Upload continueUpload(AttachmentId id, long offset, InputStream content) throws RefusedException, IOException;

    /**
     * Ends an upload that is not whole, and deletes what has come. A piece that is on its way is refused with its next
     * bytes. Blocks.
     *
     * @throws RefusedException with {@link ErrorCode#UPLOAD_UNKNOWN} as {@link #upload}, and if it is whole
     */
    void cancelUpload(AttachmentId id) throws RefusedException;

    /**
     * Writes everything of the user as one zip, as it is at one position. Blocks; keeps little in memory, however much
     * it is. There is one export of a user at a time.
     *
     * @param target is not closed
     * @throws RefusedException with {@link ErrorCode#EXPORT_UNDER_WAY} if there is another one, and with
     *     {@link ErrorCode#ERASED} if the user is erased meanwhile
     * @throws IOException if the target cannot be written, or the data not be read; what was written is of no use then
     */
    void export(OutputStream target) throws RefusedException, IOException;

    /**
     * Erases everything of the user for good: runs under way are stopped, every lease of the engine ends with
     * {@link ErrorCode#ERASED}, and nothing of them is written afterwards. Until it is done, whatever is asked of this
     * engine or of the directory for this user is refused with that code; then the user starts anew, under another
     * epoch. Uploads under way are refused with their next bytes, and waited for; unfinished ones are deleted.
     *
     * @return completes when nothing of the user is stored any more; fails if the journal cannot be written, or a file
     *     not be deleted: then the user is to be erased again
     */
    CompletionStage<Void> erase();

    /** Who holds the engines: hands out the one engine of a user. Safe for any number of threads. */
    interface Directory {
        /**
         * The user's engine, made if needed, and kept at least until the lease is closed.
         *
         * @throws RefusedException if the platform is full or going down
         */
        Lease open(UserId user) throws RefusedException;

        /** Whether new work would be taken in at this moment. Does not block. */
        Readiness readiness();

        /** How much all users together have at this moment. Does not block. */
        Figures figures();

        /**
         * Writes everything of all users as one zip, while they work on. For operators alone. Blocks; one at a time.
         *
         * @param target is not closed
         * @throws RefusedException with {@link ErrorCode#PLATFORM_BUSY} if another one is under way
         * @throws IOException if the target cannot be written, or the data not be read; what was written is of no use
         *     then
         */
        void backup(OutputStream target) throws RefusedException, IOException;

        /**
         * Stops accepting, lets runs end for at most {@code drain}, stops what is left, and makes the log whole. Blocks
         * until done; later calls do nothing.
         */
        void shutDown(Duration drain);
    }

    /** A hold on a user's engine. */
    interface Lease extends AutoCloseable {
        /** The engine; it is not to be used after {@link #close}. */
        UserExecutionEngine engine();

        /**
         * Completes if the engine ends although it is held, with the reason: whoever holds it can only let go, and open
         * another one where that helps. Never completes after {@link #close}. Its dependents run in a thread of the
         * platform and must not block.
         */
        CompletionStage<ErrorCode> ended();

        /** Gives the engine back; later calls do nothing. */
        @Override
        void close();
    }

    /**
     * Whether new work is taken in.
     *
     * @param troubles why not; empty if it is; unmodifiable
     */
    record Readiness(List<Trouble> troubles) {
        /** Copies the list. */
        public Readiness {
            troubles = List.copyOf(troubles);
        }

        /** Whether there is no trouble. */
        public boolean isReady() {
            return troubles.isEmpty();
        }
    }

    /**
     * What keeps new work out.
     *
     * @param code what a request is refused with
     * @param detail a constant word that says more, such as {@code disk-full}; perhaps empty
     */
    record Trouble(ErrorCode code, String detail) {}

    /**
     * How much all users together have. Tells nothing of one of them.
     *
     * @param engines engines in memory
     * @param runsUnfinished runs that were accepted by those and have not ended
     * @param runsAtWork runs among them that are at work
     * @param waitingBytes what waits for the journal
     * @param journalBytes what the journal keeps
     */
    record Figures(int engines, int runsUnfinished, int runsAtWork, long waitingBytes, long journalBytes) {}
}
