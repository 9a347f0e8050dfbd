package io.insula.engine.user;

import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How all rooms end with the platform: what is at work has some time, then it is stopped, and who follows has some time
 * to read that. Nothing waits for longer than these times.
 */
final class RoomFarewell {
    private static final Logger LOG = LoggerFactory.getLogger(RoomFarewell.class);
    private static final Duration LOOK = Duration.ofMillis(20);

    private final RoomParts parts;
    private final Supplier<List<UserRoom>> rooms;

    /**
     * Makes one for a platform that goes down.
     *
     * @param rooms those that there are at the moment
     */
    RoomFarewell(RoomParts parts, Supplier<List<UserRoom>> rooms) {
        this.parts = parts;
        this.rooms = rooms;
    }

    /** Ends all rooms. Waits for what is at work, and for those who follow. */
    void bid(Duration drain) {
        rooms.get().forEach(UserRoom::refuseNewWork);
        boolean drained = awaitQuiet(drain);
        if (!drained) {
            LOG.info("stopping runs that did not end in time drain={}", drain);
        }
        rooms.get().forEach(UserRoom::interruptAll);
        boolean stopped = awaitQuiet(parts.limits().run().stopGrace().multipliedBy(2));
        if (!stopped) {
            LOG.warn("some runs ignore their stop and are left behind");
        }
        Duration lastRead = parts.limits().platform().lastRead();
        if (!await(lastRead, RoomFarewell::isFollowedToTheEnd)) {
            LOG.info("some followers have not read to the end limit={}", lastRead);
        }
        rooms.get().forEach(UserRoom::release);
    }

    private static boolean isFollowedToTheEnd(UserRoom room) {
        try {
            return room.isFollowedToTheEnd();
        } catch (UncheckedIOException unreadable) {
            LOG.warn("log cannot be read: its followers see no end exception={}", Faults.describe(unreadable));
            return true;
        }
    }

    /** Waits until no room has anything in progress, and says whether that came about. */
    private boolean awaitQuiet(Duration time) {
        return await(time, UserRoom::isQuiet);
    }

    /** Waits until this was seen of every room, and says whether that came about. */
    private boolean await(Duration time, Predicate<UserRoom> seen) {
        long end = parts.environment().nanoTime().getAsLong() + time.toNanos();
        List<UserRoom> busy = new ArrayList<>(rooms.get());
        CountDownLatch never = new CountDownLatch(1);
        while (true) {
            busy.removeIf(seen);
            if (busy.isEmpty()) {
                return true;
            }
            if (end - parts.environment().nanoTime().getAsLong() <= 0) {
                return false;
            }
            try {
                if (never.await(LOOK.toMillis(), TimeUnit.MILLISECONDS)) {
                    return false;
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        }
    }
}
