package io.insula.engine.user;

import io.insula.agent.ThreadId;
import io.insula.agent.UserId;
import io.insula.engine.api.ErrorCode;
import io.insula.engine.api.RefusedException;
import io.insula.engine.api.ThreadSummary;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Begins threads with what was said in others. */
final class ForkDesk {
    private final UserId user;
    private final RoomLock lock;
    private final RoomParts parts;
    private final RunBoard board;
    private final ThreadDesk threads;
    /** Threads that were begun here and are not durable yet. Guarded by {@link #lock}. */
    private final Set<ThreadId> coming = new OccasionalSet<>();

    ForkDesk(UserId user, RoomLock lock, RoomParts parts, RunBoard board, ThreadDesk threads) {
        this.user = user;
        this.lock = lock;
        this.parts = parts;
        this.board = board;
        this.threads = threads;
    }

    CompletionStage<ThreadSummary> fork(ThreadId source, String message, Optional<ThreadId> wanted) {
        lock.requireHeld();
        try {
            ThreadRecord from = threads.requireStaying(source);
            MessageRecord upTo = parts.journal()
                    .message(user, source, message)
                    .orElseThrow(() -> new RefusedException(
                            ErrorCode.MESSAGE_UNKNOWN, "There is no such message in the thread."));
            ThreadId fork = freeThreadId(wanted);
            if (!parts.journal().hasRoom()) {
                throw Refusals.journalUnavailable();
            }
            Instant at = parts.now();
            return write(
                    new RecordChange.ThreadForked(source, upTo.key(), fork, from.title(), upTo.agent(), at),
                    new ThreadSummary(fork, from.title(), upTo.agent(), at, at, false));
        } catch (RefusedException refused) {
            return CompletableFuture.failedFuture(refused);
        }
    }

    private ThreadId freeThreadId(Optional<ThreadId> wanted) throws RefusedException {
        if (wanted.isEmpty()) {
            return new ThreadId(parts.identity().next());
        }
        ThreadId id = wanted.get();
        if (coming.contains(id)
                || !board.unfinishedIn(id).isEmpty()
                || parts.journal().thread(user, id).isPresent()) {
            throw new RefusedException(
                    ErrorCode.THREAD_EXISTS, "The thread id was used before. Leave it out, or use a new one.");
        }
        return id;
    }

    private CompletionStage<ThreadSummary> write(RecordChange.ThreadForked change, ThreadSummary summary) {
        coming.add(change.fork());
        CompletableFuture<ThreadSummary> done = new CompletableFuture<>();
        parts.journal()
                .append(user, new JournalAppend().change(change))
                .whenComplete((place, failure) -> lock.run(() -> {
                    coming.remove(change.fork());
                    lock.afterwards(() -> {
                        if (failure == null) {
                            done.complete(summary);
                        } else {
                            done.completeExceptionally(Refusals.unwritten(failure));
                        }
                    });
                }));
        return done.minimalCompletionStage();
    }
}
