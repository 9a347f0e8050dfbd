package io.insula.engine.user;

import io.insula.agent.UserId;
import io.insula.engine.api.ErrorCode;
import io.insula.engine.api.RefusedException;
import io.insula.engine.api.UserExecutionEngine;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Hands out the one room of each user, and evicts rooms that nobody needs or that have lost something. */
final class RoomDirectory implements UserExecutionEngine.Directory {
    private static final Logger LOG = LoggerFactory.getLogger(RoomDirectory.class);

    private final RoomParts parts;
    private final ConcurrentMap<UserId, Place> places = new ConcurrentHashMap<>();
    private final AtomicInteger count = new AtomicInteger();
    private final AtomicBoolean goingAway = new AtomicBoolean();
    private final AtomicBoolean backingUp = new AtomicBoolean();
    private final RoomReturns returns;
    /** Users whose room was closed while it may have had something on its way into the journal. */
    private final Set<UserId> unsettled = ConcurrentHashMap.newKeySet();

    private final JournalOutages outages;

    /** Where the one room of a user is, or comes to be. Its lock is held while a room is made, and never under another. */
    private final class Place {
        private final UserId user;
        private final ReentrantLock lock = new ReentrantLock();
        private volatile Optional<UserRoom> room = Optional.empty();

        Place(UserId user) {
            this.user = user;
        }

        /** The user's room with a lease taken; empty if this is not the user's place any more. */
        Optional<RoomLease> lease() throws RefusedException {
            lock.lock();
            try {
                if (places.get(user) != this) {
                    return Optional.empty();
                }
                if (room.isEmpty()) {
                    room = Optional.of(make());
                }
                RoomLease lease = new RoomLease(room.get());
                if (room.get().tryLease(lease)) {
                    return Optional.of(lease);
                }
                // One that the shutdown has closed has no successor, and must be there to be waited for and released.
                requireStaying();
                // It was evicted in between: its successor is made in the next round.
                forget(this);
                return Optional.empty();
            } finally {
                lock.unlock();
            }
        }

        private UserRoom make() throws RefusedException {
            boolean made = false;
            try {
                UserRoom room = makeRoom(user);
                made = true;
                return room;
            } finally {
                if (!made) {
                    places.remove(user, this);
                }
            }
        }
    }

    /** Makes the directory, and has everything go on that had not ended when there was none. Waits for storage. */
    RoomDirectory(RoomParts parts) {
        this.parts = parts;
        this.returns = new RoomReturns(parts, this);
        this.outages = new JournalOutages(parts, this::closeUnfinished, returns);
        parts.catalog().beforeUnload(this::letGoOf);
        lookAfterIdle();
        returns.recoverAll();
    }

    @Override
    public UserExecutionEngine.Lease open(UserId user) throws RefusedException {
        while (true) {
            requireStaying();
            Optional<RoomLease> lease = places.computeIfAbsent(user, Place::new).lease();
            if (lease.isEmpty()) {
                continue;
            }
            if (!goingAway.get()) {
                return lease.get();
            }
            // Made too late to be told that it is to take nothing in.
            lease.get().close();
        }
    }

    @Override
    public UserExecutionEngine.Readiness readiness() {
        List<UserExecutionEngine.Trouble> troubles = new ArrayList<>();
        if (goingAway.get()) {
            troubles.add(new UserExecutionEngine.Trouble(ErrorCode.GOING_AWAY, ""));
        }
        if (parts.journal().health() instanceof JournalHealth.Down(JournalTrouble trouble)) {
            troubles.add(new UserExecutionEngine.Trouble(ErrorCode.JOURNAL_UNAVAILABLE, trouble.word()));
        } else if (parts.journal().isFull()) {
            troubles.add(new UserExecutionEngine.Trouble(ErrorCode.JOURNAL_UNAVAILABLE, "full"));
        }
        return new UserExecutionEngine.Readiness(troubles);
    }

    @Override
    public UserExecutionEngine.Figures figures() {
        return new UserExecutionEngine.Figures(
                count.get(),
                parts.platform().runsAccepted(),
                parts.platform().placesTaken(),
                parts.journal().waitingBytes(),
                parts.journal().keptBytes());
    }

    @Override
    public void backup(OutputStream target) throws RefusedException, IOException {
        boolean alone = backingUp.compareAndSet(false, true);
        if (!alone) {
            throw new RefusedException(ErrorCode.PLATFORM_BUSY, "A backup is under way. Wait for it to end.");
        }
        try {
            OfflineData.archive(parts.attachments()).write(parts.journal()::backup, parts.now(), target);
        } finally {
            backingUp.set(false);
        }
    }

    boolean isGoingAway() {
        return goingAway.get();
    }

    private void requireStaying() throws RefusedException {
        if (goingAway.get()) {
            throw new RefusedException(ErrorCode.GOING_AWAY, "The platform is going down. Try again in a moment.");
        }
    }

    private UserRoom makeRoom(UserId user) throws RefusedException {
        if (!takeCount()) {
            evictIdle(Duration.ZERO);
            if (!takeCount()) {
                throw RefusedException.retryAfter(
                        ErrorCode.PLATFORM_BUSY, "The platform has too many users at once.", Duration.ofSeconds(5));
            }
        }
        boolean made = false;
        try {
            UserRoom room = open(user, unfinished(user));
            made = true;
            return room;
        } finally {
            if (!made) {
                count.decrementAndGet();
            }
        }
    }

    private boolean takeCount() {
        int most = parts.limits().platform().engines();
        return count.getAndUpdate(rooms -> rooms < most ? rooms + 1 : rooms) < most;
    }

    private List<UnfinishedRun> unfinished(UserId user) throws RefusedException {
        try {
            parts.journal().open(user);
            settle(user);
        } catch (EventJournal.JournalException unwritten) {
            // A platform that goes away closes its journal, which says nothing of the journal.
            requireStaying();
            throw unavailable();
        }
        List<UnfinishedRun> unfinished = parts.journal().unfinishedRuns(user);
        if (!unfinished.isEmpty() && parts.journal().health() instanceof JournalHealth.Down) {
            // They go on when it can be written again: until then nobody is to see the user without them.
            throw unavailable();
        }
        return unfinished;
    }

    /** Waits until all is written or refused that a room before had on its way: the next one starts from what is there. */
    private void settle(UserId user) throws EventJournal.JournalException {
        if (unsettled.contains(user)) {
            JournalWaiting.forIt(parts.journal().append(user, new JournalAppend()));
            unsettled.remove(user);
        }
    }

    private static RefusedException unavailable() {
        return new RefusedException(
                ErrorCode.JOURNAL_UNAVAILABLE, "The journal cannot be written at the moment. Try again.");
    }

    private UserRoom open(UserId user, List<UnfinishedRun> unfinished) {
        UserRoom room = new UserRoom(user, parts, this::erased);
        boolean whole = false;
        try {
            if (!unfinished.isEmpty()) {
                room.recover(unfinished);
            }
            whole = true;
            return room;
        } finally {
            if (!whole) {
                room.release();
            }
        }
    }

    private void erased(UserRoom room) {
        UserId user = room.user();
        returns.forget(user);
        unsettled.remove(user);
        Place place = places.get(user);
        if (place != null && place.room.equals(Optional.of(room))) {
            forget(place);
        }
    }

    private void forget(Place place) {
        if (places.remove(place.user, place)) {
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
        for (Place place : places.values()) {
            Optional<UserRoom> room = place.room;
            if (room.isPresent() && room.get().closeIfIdle(idle, expiry -> returns.wakeAt(place.user, expiry))) {
                forget(place);
            }
        }
    }

    /** Closes of these rooms those that have anything in progress. */
    private void closeUnfinished(Predicate<UserRoom> these) {
        for (Place place : places.values()) {
            Optional<UserRoom> room = place.room;
            if (room.filter(these).isPresent()) {
                close(place, room.get());
            }
        }
    }

    private void close(Place place, UserRoom room) {
        // Known before anybody is sent away: whoever is back at once is to wait for it.
        unsettled.add(place.user);
        if (room.closeIfUnfinished()) {
            LOG.warn("journal could not be written: the runs of a user are stopped");
            forget(place);
        } else {
            unsettled.remove(place.user);
        }
    }

    private List<UserRoom> rooms() {
        return places.values().stream().flatMap(place -> place.room.stream()).toList();
    }

    /** Closes what users keep of a version of a plugin, and waits for it; an interrupt is handed on to who closes. */
    private void letGoOf(ClassLoader version) {
        List<Thread> closing = rooms().stream().flatMap(room -> room.closeResourcesOf(version).stream()).toList();
        for (Thread thread : closing) {
            while (thread.isAlive()) {
                try {
                    thread.join();
                } catch (InterruptedException e) {
                    closing.forEach(Thread::interrupt);
                }
            }
        }
    }

    int liveRooms() {
        return count.get();
    }

    @Override
    public void shutDown(Duration drain) {
        if (!goingAway.compareAndSet(false, true)) {
            return;
        }
        new RoomFarewell(parts, this::rooms).bid(drain);
        outages.end();
        parts.alarms().close();
        parts.journal().close();
    }
}
