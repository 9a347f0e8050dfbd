package io.insula.engine.user;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * The one lock of a user's room. What would call somebody else is put off until the lock is given back.
 *
 * <p>Lock order: this lock, then those inside the journal, the platform's share and the alarms. Nothing that calls back
 * holds one of them.
 */
final class RoomLock {
    private final ReentrantLock lock = new ReentrantLock();
    /** Guarded by {@link #lock}. */
    private List<Runnable> afterwards = List.of();

    /** Does the work under the lock, then what it put off, in the calling thread without the lock. */
    <T> T call(Supplier<T> work) {
        lock.lock();
        List<Runnable> due = List.of();
        try {
            return work.get();
        } finally {
            if (lock.getHoldCount() == 1) {
                due = afterwards;
                afterwards = List.of();
            }
            lock.unlock();
            due.forEach(Runnable::run);
        }
    }

    void run(Runnable work) {
        boolean done = call(() -> {
            work.run();
            return true;
        });
        assert done;
    }

    /** Puts something off until the lock is given back. Only to be called under the lock. */
    void afterwards(Runnable action) {
        requireHeld();
        if (afterwards.isEmpty()) {
            // Mostly there is nothing to put off, and there are many rooms.
            afterwards = new ArrayList<>();
        }
        afterwards.add(action);
    }

    void requireHeld() {
        if (!lock.isHeldByCurrentThread()) {
            throw new IllegalStateException("the room's lock is not held");
        }
    }
}
