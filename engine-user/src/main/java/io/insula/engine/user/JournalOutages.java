package io.insula.engine.user;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Follows whether the journal can be written. Rooms are closed for what could not be, and come back when it can: what
 * was down and is up again is both, one after the other, whoever comes first.
 */
final class JournalOutages {
    private final RoomParts parts;
    private final Consumer<Predicate<UserRoom>> closeUnfinished;
    private final RoomReturns returns;
    private final EventJournal.Following following;
    /** Held while rooms are closed and made again because the journal was down. */
    private final ReentrantLock turn = new ReentrantLock();
    private final AtomicBoolean wasDown = new AtomicBoolean();

    /**
     * Begins to follow.
     *
     * @param closeUnfinished closes of these rooms those that have anything in progress
     */
    JournalOutages(RoomParts parts, Consumer<Predicate<UserRoom>> closeUnfinished, RoomReturns returns) {
        this.parts = parts;
        this.closeUnfinished = closeUnfinished;
        this.returns = returns;
        this.following = parts.journal().watchHealth(this::changed);
    }

    /** Called by the journal. */
    private void changed() {
        if (!isWritable()) {
            wasDown.set(true);
        }
        // In a thread of its own: to close rooms and to make them takes longer than the journal may be kept.
        parts.environment().runThreads().newThread(this::follow).start();
    }

    private boolean isWritable() {
        return parts.journal().health() instanceof JournalHealth.Writable;
    }

    private void follow() {
        turn.lock();
        try {
            boolean all = wasDown.getAndSet(false);
            closeUnfinished.accept(room -> all || room.isTorn());
            if (isWritable()) {
                returns.recoverAll();
            }
        } finally {
            turn.unlock();
        }
    }

    /** Follows no more. */
    void end() {
        following.end();
    }
}
