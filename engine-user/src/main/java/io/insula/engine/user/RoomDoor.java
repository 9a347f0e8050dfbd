package io.insula.engine.user;

import io.insula.engine.api.ErrorCode;
import io.insula.engine.api.RefusedException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * Who and what comes into a user's room: leases, readings and requests. Whether it is closed is decided here and nowhere
 * else; once it is, it stays so, and nothing comes in any more. Every method takes the room's lock that does not require
 * it.
 */
final class RoomDoor {
    /** What comes of asking for a lease. */
    private enum Entrance {
        GRANTED, CLOSED, ERASING
    }

    private final RoomLock lock;
    private final RoomParts parts;
    private final RoomErasure erasure;
    /** Guarded by {@link #lock}, as everything below. */
    private final Set<RoomLease> leases = new OccasionalSet<>();

    private long idleSince;
    /** What was asked of the room and is not answered yet. */
    private int unanswered;

    private boolean closed;
    private boolean goingAway;

    /** Reads something of the user. */
    @FunctionalInterface
    interface Reading<T> {
        T read() throws RefusedException;
    }

    RoomDoor(RoomLock lock, RoomParts parts, RoomErasure erasure) {
        this.lock = lock;
        this.parts = parts;
        this.erasure = erasure;
        this.idleSince = parts.environment().nanoTime().getAsLong();
    }

    // ---- leases

    /**
     * Takes a lease; false if the room is closed, and another one is to be made.
     *
     * @throws RefusedException if the user is being erased: no other room may be made before that is over
     */
    boolean tryLease(RoomLease lease) throws RefusedException {
        Entrance entrance = lock.call(() -> {
            if (erasure.isUnderWay()) {
                return Entrance.ERASING;
            }
            return !closed && leases.add(lease) ? Entrance.GRANTED : Entrance.CLOSED;
        });
        return switch (entrance) {
            case GRANTED -> true;
            case CLOSED -> false;
            case ERASING -> throw RoomErasure.refusal();
        };
    }

    void giveLeaseBack(RoomLease lease) {
        lock.run(() -> {
            leases.remove(lease);
            idleSince = parts.environment().nanoTime().getAsLong();
        });
    }

    // ---- how it closes

    boolean isClosed() {
        return lock.call(() -> closed);
    }

    void close() {
        lock.requireHeld();
        closed = true;
    }

    /** Closes under whoever holds a lease, and tells them why. */
    void closeFor(ErrorCode why) {
        lock.requireHeld();
        closed = true;
        List<RoomLease> held = List.copyOf(leases);
        lock.afterwards(() -> held.forEach(lease -> lease.tellEnd(why)));
    }

    /**
     * Closes if nobody has held a lease for this time; false if it does not, or was closed before.
     *
     * @param lastActive when something else was last done in the room, on the clock that never jumps
     */
    boolean closeIfIdle(Duration idle, long lastActive) {
        lock.requireHeld();
        long now = parts.environment().nanoTime().getAsLong();
        Duration since = Duration.ofNanos(Math.min(now - idleSince, now - lastActive));
        if (closed || !leases.isEmpty() || since.compareTo(idle) < 0) {
            return false;
        }
        closed = true;
        return true;
    }

    /** Lets no new work in any more; what belongs to work that is there still comes in. */
    void refuseNewWork() {
        lock.requireHeld();
        goingAway = true;
    }

    // ---- what comes in

    void requireOpen() throws RefusedException {
        erasure.check();
        if (isClosed()) {
            throw new RefusedException(ErrorCode.ENGINE_CLOSED, "The engine was given back. Connect again.");
        }
    }

    /** What is read while an erase begins could be of the user's next life, and is not given out. */
    <T> T reading(Reading<T> work) throws RefusedException {
        requireOpen();
        T read = work.read();
        erasure.check();
        return read;
    }

    /** Does what is asked under the lock, unless closed. */
    <T> CompletionStage<T> accepting(Supplier<CompletionStage<T>> work) {
        return lock.call(() -> {
            if (closed) {
                return CompletableFuture.failedFuture(erasure.isBegun()
                        ? RoomErasure.refusal()
                        : Refusals.of(ErrorCode.ENGINE_CLOSED, "The engine was given back. Connect again."));
            }
            unanswered++;
            CompletionStage<T> answer = work.get();
            answer.whenComplete((given, failure) -> lock.run(() -> unanswered--));
            return answer;
        });
    }

    /** The same for what is new work. */
    <T> CompletionStage<T> acceptingNew(Supplier<CompletionStage<T>> work) {
        return accepting(() -> goingAway
                ? CompletableFuture.failedFuture(
                        Refusals.of(ErrorCode.GOING_AWAY, "The platform is going down. Try again in a moment."))
                : work.get());
    }

    /** Whether something was asked that is not answered yet. */
    boolean hasUnanswered() {
        lock.requireHeld();
        return unanswered > 0;
    }
}
