package io.insula.engine.user;

import io.insula.engine.api.ErrorCode;
import io.insula.engine.api.UserExecutionEngine;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;

/** A hold on a room; closing it twice gives it back once. */
final class RoomLease implements UserExecutionEngine.Lease {
    private final UserRoom room;
    private final CompletableFuture<ErrorCode> ended = new CompletableFuture<>();
    private final AtomicBoolean closed = new AtomicBoolean();

    RoomLease(UserRoom room) {
        this.room = room;
    }

    @Override
    public UserExecutionEngine engine() {
        return room;
    }

    @Override
    public CompletionStage<ErrorCode> ended() {
        return ended.minimalCompletionStage();
    }

    /** Tells the holder, unless it has let go, that there is nothing to hold any more. Called without any lock. */
    void tellEnd(ErrorCode why) {
        if (!closed.get()) {
            ended.complete(why);
        }
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            room.giveLeaseBack(this);
        }
    }
}
