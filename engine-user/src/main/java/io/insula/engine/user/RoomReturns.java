package io.insula.engine.user;

import io.insula.agent.UserId;
import io.insula.engine.api.RefusedException;
import io.insula.engine.api.UserExecutionEngine;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What goes on without anybody asking for it: rooms come back for runs that had not ended when theirs was lost, and for
 * questions that expire. Each waits until there is room for it. Safe for any number of threads.
 */
final class RoomReturns {
    private static final Logger LOG = LoggerFactory.getLogger(RoomReturns.class);
    /** Between two attempts to make rooms for those who wait. */
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final RoomParts parts;
    private final RoomDirectory directory;
    /** Users whose runs are to go on as soon as there is room for their engines. */
    private final Queue<UserId> awaitingRoom = new ConcurrentLinkedQueue<>();
    /** Whether somebody looks after those who wait. */
    private final AtomicBoolean recovering = new AtomicBoolean();
    /** What brings a user's room back that is not needed now; forgotten with the user. */
    private final ConcurrentMap<UserId, Alarms.Alarm> wakes = new ConcurrentHashMap<>();

    /**
     * Makes one for all users.
     *
     * @param directory makes the rooms
     */
    RoomReturns(RoomParts parts, RoomDirectory directory) {
        this.parts = parts;
        this.directory = directory;
    }

    /** Brings the user's room back when a question of a run expires that waits in no room. */
    void wakeAt(UserId user, Instant expiry) {
        Duration wait = Duration.between(parts.now(), expiry);
        Alarms.Alarm alarm = parts.alarms().after(wait.isNegative() ? Duration.ZERO : wait, () -> {
            wakes.remove(user);
            awaitingRoom.add(user);
            recoverSoon();
        });
        Optional.ofNullable(wakes.put(user, alarm)).ifPresent(Alarms.Alarm::cancel);
    }

    /** The user was erased. */
    void forget(UserId user) {
        Optional.ofNullable(wakes.remove(user)).ifPresent(Alarms.Alarm::cancel);
    }

    /** Brings everything back that has not ended and is in no room. Waits for storage. */
    void recoverAll() {
        List<UserId> users = parts.journal().unfinishedUsers();
        if (users.isEmpty() || directory.isGoingAway()) {
            return;
        }
        LOG.info("runs of users go on that had not ended users={}", users.size());
        awaitingRoom.addAll(users);
        recover();
    }

    /** Makes rooms for those who wait, as far as there is room. One thread at a time; the others leave it to that one. */
    private void recover() {
        if (!recovering.compareAndSet(false, true)) {
            return;
        }
        try {
            Optional<UserId> next = Optional.ofNullable(awaitingRoom.peek());
            while (next.isPresent() && !directory.isGoingAway() && isRecovered(next.get())) {
                awaitingRoom.remove(next.get());
                next = Optional.ofNullable(awaitingRoom.peek());
            }
        } finally {
            recovering.set(false);
        }
        if (!awaitingRoom.isEmpty() && parts.journal().health() instanceof JournalHealth.Writable) {
            parts.alarms().after(PAUSE, this::recoverSoon);
        }
    }

    private void recoverSoon() {
        // Alarms must not be kept waiting for storage.
        parts.environment().runThreads().newThread(this::recover).start();
    }

    /** Makes the user's room, if there is none; false if it has to be tried again later. */
    private boolean isRecovered(UserId user) {
        if (parts.journal().unfinishedRuns(user).isEmpty()) {
            // They have ended, or the user was erased and must not come back by this.
            return true;
        }
        try (UserExecutionEngine.Lease lease = directory.open(user)) {
            return lease.engine().user().equals(user);
        } catch (RefusedException later) {
            return false;
        } catch (RuntimeException failure) {
            // The others are not to wait for this one, who is tried again when somebody asks for the user.
            LOG.error("runs of a user cannot go on", failure);
            return true;
        }
    }
}
