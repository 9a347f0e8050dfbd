package io.insula.engine.user;

import io.insula.agent.UserId;
import io.insula.engine.api.ErrorCode;
import io.insula.engine.api.RefusedException;
import io.insula.engine.api.UserExecutionEngine;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Hands out the one room of each user, and evicts rooms that nobody needs. */
final class RoomDirectory implements UserExecutionEngine.Directory {
    private static final Logger LOG = LoggerFactory.getLogger(RoomDirectory.class);
    private static final Duration SHUTDOWN_LOOK = Duration.ofMillis(20);

    private final RoomParts parts;
    private final ConcurrentMap<UserId, UserRoom> rooms = new ConcurrentHashMap<>();
    private final AtomicInteger count = new AtomicInteger();
    private final AtomicBoolean goingAway = new AtomicBoolean();

    RoomDirectory(RoomParts parts) {
        this.parts = parts;
        lookAfterIdle();
    }

    @Override
    public UserExecutionEngine.Lease open(UserId user) throws RefusedException {
        while (true) {
            requireStaying();
            UserRoom room = room(user);
            if (!room.tryLease()) {
                // It was evicted in between: its successor is made in the next round.
                forget(user, room);
            } else if (goingAway.get()) {
                // Made too late to be told that it is to take nothing in.
                room.giveLeaseBack();
            } else {
                return new RoomLease(room);
            }
        }
    }

    private void requireStaying() throws RefusedException {
        if (goingAway.get()) {
            throw new RefusedException(ErrorCode.GOING_AWAY, "The platform is going down. Try again in a moment.");
        }
    }

    private UserRoom room(UserId user) throws RefusedException {
        UserRoom live = rooms.get(user);
        if (live != null) {
            return live;
        }
        openLog(user);
        UserRoom room = rooms.computeIfAbsent(user, this::makeIfThereIsRoom);
        if (room == null) {
            evictIdle(Duration.ZERO);
            room = rooms.computeIfAbsent(user, this::makeIfThereIsRoom);
        }
        if (room == null) {
            throw RefusedException.retryAfter(
                    ErrorCode.PLATFORM_BUSY, "The platform has too many users at once.", Duration.ofSeconds(5));
        }
        return room;
    }

    /** Waits for storage, and so is not done while a room is made: others would wait for it too. */
    private void openLog(UserId user) throws RefusedException {
        try {
            parts.journal().open(user);
        } catch (EventJournal.JournalException unwritten) {
            throw new RefusedException(
                    ErrorCode.JOURNAL_UNAVAILABLE, "The journal cannot be written at the moment. Try again.");
        }
    }

    private @Nullable UserRoom makeIfThereIsRoom(UserId user) {
        int most = parts.limits().platform().engines();
        if (count.getAndUpdate(rooms -> rooms < most ? rooms + 1 : rooms) >= most) {
            return null;
        }
        boolean made = false;
        try {
            UserRoom room = new UserRoom(user, parts);
            made = true;
            return room;
        } finally {
            if (!made) {
                count.decrementAndGet();
            }
        }
    }

    private void forget(UserId user, UserRoom room) {
        if (rooms.remove(user, room)) {
            count.decrementAndGet();
        }
    }

    private void lookAfterIdle() {
        Duration idle = parts.limits().user().idleEviction();
        Duration look = idle.dividedBy(4);
        parts.alarms().after(look.isZero() ? idle : look, () -> {
            try {
                evictIdle(idle);
            } finally {
                lookAfterIdle();
            }
        });
    }

    private void evictIdle(Duration idle) {
        rooms.forEach((user, room) -> {
            if (room.closeIfIdle(idle)) {
                forget(user, room);
            }
        });
    }

    int liveRooms() {
        return count.get();
    }

    @Override
    public void shutDown(Duration drain) {
        if (!goingAway.compareAndSet(false, true)) {
            return;
        }
        rooms.values().forEach(UserRoom::refuseNewWork);
        boolean drained = awaitQuiet(drain);
        if (!drained) {
            LOG.info("stopping runs that did not end in time drain={}", drain);
        }
        rooms.values().forEach(UserRoom::interruptAll);
        boolean stopped = awaitQuiet(parts.limits().run().stopGrace().multipliedBy(2));
        if (!stopped) {
            LOG.warn("some runs ignore their stop and are left behind");
        }
        rooms.values().forEach(UserRoom::release);
        parts.alarms().close();
        parts.journal().close();
    }

    /** Waits until no room has anything in progress, and says whether that came about. */
    private boolean awaitQuiet(Duration time) {
        long end = parts.environment().nanoTime().getAsLong() + time.toNanos();
        List<UserRoom> busy = new ArrayList<>(rooms.values());
        CountDownLatch never = new CountDownLatch(1);
        while (true) {
            busy.removeIf(UserRoom::isQuiet);
            if (busy.isEmpty()) {
                return true;
            }
            if (end - parts.environment().nanoTime().getAsLong() <= 0) {
                return false;
            }
            try {
                if (never.await(SHUTDOWN_LOOK.toMillis(), TimeUnit.MILLISECONDS)) {
                    return false;
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        }
    }

    /** A hold on a room; closing it twice gives it back once. */
    private static final class RoomLease implements UserExecutionEngine.Lease {
        private final UserRoom room;
        private final AtomicBoolean closed = new AtomicBoolean();

        RoomLease(UserRoom room) {
            this.room = room;
        }

        @Override
        public UserExecutionEngine engine() {
            return room;
        }

        @Override
        public void close() {
            if (closed.compareAndSet(false, true)) {
                room.giveLeaseBack();
            }
        }
    }
}
