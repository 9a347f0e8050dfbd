package io.insula.engine.user;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * The places of one user for runs at work, each of which is a place of the platform too. Runs that want theirs back
 * come before any that begins. Guarded by the room's lock.
 */
final class RunPlaces {
    private final RoomLock lock;
    private final RoomParts parts;
    private final Supplier<Optional<LiveRun>> nextQueued;
    private final Consumer<LiveRun> goOn;
    /** Runs that were at work before and want a place. */
    private final Deque<LiveRun> returning = new ArrayDeque<>(1);

    private int taken;
    private boolean waitsForPlatform;
    /** Whether nothing begins or goes on any more. */
    private boolean closed;

    /**
     * Makes the places of a user, all of them free.
     *
     * @param nextQueued the run that may begin next
     * @param goOn has a run begin or go on that was given a place
     */
    RunPlaces(RoomLock lock, RoomParts parts, Supplier<Optional<LiveRun>> nextQueued, Consumer<LiveRun> goOn) {
        this.lock = lock;
        this.parts = parts;
        this.nextQueued = nextQueued;
        this.goOn = goOn;
    }

    /** Has a run that was at work before wait for a place. */
    void want(LiveRun run) {
        returning.add(run);
    }

    void forget(LiveRun run) {
        returning.remove(run);
    }

    boolean isWanted(LiveRun run) {
        return returning.contains(run);
    }

    /** Whether a run that was at work before waits for a place. */
    boolean areWanted() {
        return !returning.isEmpty();
    }

    int free() {
        return Math.max(0, parts.limits().user().runsAtOnce() - taken);
    }

    /** Gives no place to anybody any more. */
    void close() {
        closed = true;
    }

    /** Lets runs begin or go on as long as there are places. */
    void fill() {
        lock.requireHeld();
        while (!closed && free() > 0 && !waitsForPlatform) {
            Optional<LiveRun> next = next();
            if (next.isEmpty()) {
                return;
            }
            if (parts.platform().takePlace(this::platformPlaceFree)) {
                take(next.get());
            } else {
                waitsForPlatform = true;
            }
        }
    }

    private Optional<LiveRun> next() {
        LiveRun back = returning.peek();
        return back != null ? Optional.of(back) : nextQueued.get();
    }

    /** A place on the platform was kept for this user; says whether it is used. Called without the lock. */
    private boolean platformPlaceFree() {
        return lock.call(() -> {
            waitsForPlatform = false;
            boolean hasPlace = !closed && free() > 0;
            Optional<LiveRun> next = hasPlace ? next() : Optional.empty();
            next.ifPresent(this::take);
            fill();
            return next.isPresent();
        });
    }

    private void take(LiveRun run) {
        taken++;
        run.holdsPlace = true;
        returning.remove(run);
        goOn.accept(run);
    }

    /** Gives back the place of the run, if it has one. */
    void release(LiveRun run) {
        lock.requireHeld();
        if (run.holdsPlace) {
            run.holdsPlace = false;
            taken--;
            lock.afterwards(parts.platform()::givePlaceBack);
            fill();
        }
    }
}
