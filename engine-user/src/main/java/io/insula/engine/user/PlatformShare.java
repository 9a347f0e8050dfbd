package io.insula.engine.user;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/** How much of the platform all users together take. Users that wait for a place get it in turn, one each. */
final class PlatformShare {
    private final EngineLimits.Platform limits;
    private final ReentrantLock lock = new ReentrantLock();
    /** Guarded by {@link #lock}, as everything below. */
    private final Deque<BooleanSupplier> waiting = new ArrayDeque<>();

    private int places;
    private int accepted;

    PlatformShare(EngineLimits.Platform limits) {
        this.limits = limits;
    }

    /** Counts a run that is accepted; false if there are too many. */
    boolean acceptRun() {
        lock.lock();
        try {
            if (accepted >= limits.runsAccepted()) {
                return false;
            }
            accepted++;
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Counts a run that was accepted before, also if there are too many. */
    void takeBack() {
        lock.lock();
        try {
            accepted++;
        } finally {
            lock.unlock();
        }
    }

    /** A run that was accepted has ended. */
    void runEnded() {
        lock.lock();
        try {
            accepted--;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Takes a place for a run at work.
     *
     * @param whenFree called once without any lock, if there is none now: a place is taken then; says whether it is used
     * @return whether there was one
     */
    boolean takePlace(BooleanSupplier whenFree) {
        lock.lock();
        try {
            if (places >= limits.runsAtOnce()) {
                waiting.add(whenFree);
                return false;
            }
            places++;
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Gives a place back, or to the user that waits longest. Not to be called under a lock. */
    void givePlaceBack() {
        // One after another, not one inside the other: any number of users may have lost interest.
        Optional<BooleanSupplier> next = next();
        while (next.isPresent() && !next.get().getAsBoolean()) {
            next = next();
        }
    }

    private Optional<BooleanSupplier> next() {
        lock.lock();
        try {
            Optional<BooleanSupplier> next = Optional.ofNullable(waiting.poll());
            if (next.isEmpty()) {
                places--;
            }
            return next;
        } finally {
            lock.unlock();
        }
    }

    int placesTaken() {
        lock.lock();
        try {
            return places;
        } finally {
            lock.unlock();
        }
    }

    int runsAccepted() {
        lock.lock();
        try {
            return accepted;
        } finally {
            lock.unlock();
        }
    }
}
