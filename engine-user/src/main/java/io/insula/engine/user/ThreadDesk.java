package io.insula.engine.user;

import io.insula.agent.ThreadId;
import io.insula.agent.UserId;
import io.insula.engine.api.ErrorCode;
import io.insula.engine.api.RefusedException;
import io.insula.engine.api.ThreadSummary;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Renames and deletes a user's threads. */
final class ThreadDesk {
    private static final int MAX_TITLE = 200;

    private final UserId user;
    private final RoomLock lock;
    private final RoomParts parts;
    private final RunBoard board;
    /** Threads whose deletion is not durable yet. Guarded by {@link #lock}. */
    private final Set<ThreadId> going = new OccasionalSet<>();

    ThreadDesk(UserId user, RoomLock lock, RoomParts parts, RunBoard board) {
        this.user = user;
        this.lock = lock;
        this.parts = parts;
        this.board = board;
    }

    ThreadRecord require(ThreadId thread) throws RefusedException {
        return parts.journal()
                .thread(user, thread)
                .orElseThrow(ThreadDesk::unknown);
    }

    /** The thread, unless it is being deleted. */
    ThreadRecord requireStaying(ThreadId thread) throws RefusedException {
        lock.requireHeld();
        ThreadRecord record = require(thread);
        if (going.contains(thread)) {
            throw unknown();
        }
        return record;
    }

    private static RefusedException unknown() {
        return new RefusedException(ErrorCode.THREAD_UNKNOWN, "There is no such thread.");
    }

    CompletionStage<ThreadSummary> rename(ThreadId thread, String title) {
        lock.requireHeld();
        if (title.isBlank() || title.length() > MAX_TITLE) {
            return CompletableFuture.failedFuture(
                    Refusals.of(ErrorCode.FIELD_INVALID, "A title has 1 to " + MAX_TITLE + " characters."));
        }
        try {
            ThreadRecord before = require(thread);
            boolean busy = !board.unfinishedIn(thread).isEmpty();
            String kept = WellFormed.text(title);
            ThreadSummary after = new ThreadSummary(
                    thread, kept, before.agent(), before.createdAt(), before.updatedAt(), busy);
            return write(new RecordChange.ThreadRenamed(thread, kept), after);
        } catch (RefusedException refused) {
            return CompletableFuture.failedFuture(refused);
        }
    }

    CompletionStage<ThreadId> delete(ThreadId thread) {
        lock.requireHeld();
        try {
            boolean busy = !board.unfinishedIn(thread).isEmpty();
            if (!busy) {
                require(thread);
                going.add(thread);
                return write(new RecordChange.ThreadDeleted(thread), thread)
                        .whenComplete((deleted, failure) -> lock.run(() -> going.remove(thread)));
            }
            return CompletableFuture.failedFuture(
                    Refusals.of(ErrorCode.THREAD_BUSY, "The thread has a run that has not ended. Stop it first."));
        } catch (RefusedException refused) {
            return CompletableFuture.failedFuture(refused);
        }
    }

    private <T> CompletionStage<T> write(RecordChange change, T result) {
        return parts.journal()
                .append(user, new JournalAppend().change(change))
                .handle((place, failure) -> Optional.ofNullable(failure))
                .thenCompose(failure -> failure.isEmpty()
                        ? CompletableFuture.completedStage(result)
                        : CompletableFuture.failedStage(Refusals.unwritten(failure.get())));
    }
}
