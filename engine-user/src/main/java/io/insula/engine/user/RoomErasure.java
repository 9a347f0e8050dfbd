package io.insula.engine.user;

import io.insula.agent.UserId;
import io.insula.engine.api.ErrorCode;
import io.insula.engine.api.RefusedException;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How everything of a user goes: the rows of the journal behind all that was appended before, then the files when nobody
 * has one open any more. Whoever works with files of the user says so here, and is kept out once it has begun.
 */
final class RoomErasure {
    private static final Logger LOG = LoggerFactory.getLogger(RoomErasure.class);
    private static final Duration RETRY = Duration.ofSeconds(1);

    private final UserId user;
    private final RoomLock lock;
    private final RoomParts parts;
    private final CompletableFuture<Void> filesIdle = new CompletableFuture<>();
    private final CompletableFuture<Void> done = new CompletableFuture<>();
    /** Who works with files of the user. Guarded by {@link #lock}, as everything below. */
    private int filesInUse;

    private boolean begun;
    private boolean over;

    RoomErasure(UserId user, RoomLock lock, RoomParts parts) {
        this.user = user;
        this.lock = lock;
        this.parts = parts;
    }

    static RefusedException refusal() {
        return RefusedException.retryAfter(
                ErrorCode.ERASED, "All your data is being erased, or was. Connect again in a moment.", RETRY);
    }

    boolean isBegun() {
        lock.requireHeld();
        return begun;
    }

    boolean isUnderWay() {
        lock.requireHeld();
        return begun && !over;
    }

    /** Refuses, once it has begun. */
    void check() throws RefusedException {
        boolean refuses = lock.call(() -> begun);
        if (refuses) {
            throw refusal();
        }
    }

    /** Somebody begins to work with files of the user, to be told by {@link #leaveFiles}. */
    void enterFiles() throws RefusedException {
        boolean entered = lock.call(() -> {
            filesInUse += begun ? 0 : 1;
            return !begun;
        });
        if (!entered) {
            throw refusal();
        }
    }

    void leaveFiles() {
        lock.run(() -> {
            filesInUse--;
            tellIfIdle();
        });
    }

    private void tellIfIdle() {
        if (begun && filesInUse == 0) {
            lock.afterwards(() -> filesIdle.complete(null));
        }
    }

    /**
     * Begins. Nothing of the user may be appended by this room any more.
     *
     * @param forget called when it is over, before anybody is told
     */
    void begin(Runnable forget) {
        lock.requireHeld();
        begun = true;
        CompletionStage<Void> rows = parts.journal().erase(user);
        rows.thenCombine(filesIdle, (gone, idle) -> true).whenComplete((gone, failure) -> {
            if (failure == null) {
                // Deleting takes its time, which the journal's thread does not have.
                parts.environment().runThreads().newThread(() -> deleteFiles(forget)).start();
            } else {
                LOG.error("a user could not be erased", failure);
                end(forget, Refusals.journalUnavailable());
            }
        });
        tellIfIdle();
    }

    private void deleteFiles(Runnable forget) {
        try {
            parts.attachments().deleteAll(user);
        } catch (IOException | RuntimeException failure) {
            LOG.error("the files of an erased user could not be deleted", failure);
            end(forget, new RefusedException(ErrorCode.INTERNAL, "Some files could not be deleted. Erase again."));
            return;
        }
        lock.run(() -> over = true);
        forget.run();
        done.complete(null);
    }

    private void end(Runnable forget, RefusedException why) {
        lock.run(() -> over = true);
        forget.run();
        done.completeExceptionally(why);
    }

    /** Completes when nothing of the user is left. */
    CompletionStage<Void> done() {
        return done.minimalCompletionStage();
    }
}
