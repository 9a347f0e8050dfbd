package io.insula.engine.user;

import io.insula.agent.UserId;
import io.insula.engine.api.ErrorCode;
import io.insula.engine.api.RefusedException;
import io.insula.engine.api.UserExecutionEngine;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Hands out the one room of each user, evicts rooms that nobody needs, and brings back those that were lost. */
final class RoomDirectory implements UserExecutionEngine.Directory {
    private static final Logger LOG = LoggerFactory.getLogger(RoomDirectory.class);
    private static final Duration SHUTDOWN_LOOK = Duration.ofMillis(20);
    /** For how long a shutdown waits for followers who do not read what it has written; then they are cut off. */
    static final Duration LAST_READ = Duration.ofSeconds(2);

    private static final Duration RECOVERY_LOOK = Duration.ofSeconds(1);

    private final RoomParts parts;
    private final ConcurrentMap<UserId, Place> places = new ConcurrentHashMap<>();
    private final AtomicInteger count = new AtomicInteger();
    private final AtomicBoolean goingAway = new AtomicBoolean();
    private final AtomicBoolean backingUp = new AtomicBoolean();
    /** Users whose runs are to go on as soon as there is room for their engines. */
    private final Queue<UserId> awaitingRoom = new ConcurrentLinkedQueue<>();
    /** Whether somebody looks after those who wait. */
    private final AtomicBoolean recovering = new AtomicBoolean();
    /** What brings a user's room back that is not needed now; forgotten with the user. */
    private final ConcurrentMap<UserId, Alarms.Alarm> wakes = new ConcurrentHashMap<>();

    /** Users whose room was closed while it may have had something on its way into the journal. */
    private final Set<UserId> unsettled = ConcurrentHashMap.newKeySet();

    private final EventJournal.Following health;
    /** Held while rooms are closed and made again because the journal was down. */
    private final ReentrantLock healthTurn = new ReentrantLock();
    private final AtomicBoolean wasDown = new AtomicBoolean();

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
        this.health = parts.journal().watchHealth(this::healthChanged);
        lookAfterIdle();
        recoverAll();
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
        if (!unfinished.isEmpty() && !isWritable()) {
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

    private boolean isWritable() {
        return parts.journal().health() instanceof JournalHealth.Writable;
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
        Optional.ofNullable(wakes.remove(user)).ifPresent(Alarms.Alarm::cancel);
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
            if (room.isPresent() && room.get().closeIfIdle(idle, expiry -> wakeAt(place.user, expiry))) {
                forget(place);
            }
        }
    }

    // ---- what goes on without anybody asking for it

    /** Brings the user's room back when a question of a run expires that waits in no room. */
    private void wakeAt(UserId user, Instant expiry) {
        Duration wait = Duration.between(parts.now(), expiry);
        Alarms.Alarm alarm = parts.alarms().after(wait.isNegative() ? Duration.ZERO : wait, () -> {
            wakes.remove(user);
            awaitingRoom.add(user);
            recoverSoon();
        });
        Optional.ofNullable(wakes.put(user, alarm)).ifPresent(Alarms.Alarm::cancel);
    }

    /** Called by the journal. */
    private void healthChanged() {
        if (!isWritable()) {
            wasDown.set(true);
        }
        // In a thread of its own: to close rooms and to make them takes longer than the journal may be kept.
        parts.environment().runThreads().newThread(this::followHealth).start();
    }

    /** What was down and is up again is both, one after the other, whoever comes first. */
    private void followHealth() {
        healthTurn.lock();
        try {
            boolean all = wasDown.getAndSet(false);
            for (Place place : places.values()) {
                closeIfUnfinished(place, all);
            }
            if (isWritable()) {
                recoverAll();
            }
        } finally {
            healthTurn.unlock();
        }
    }

    private void closeIfUnfinished(Place place, boolean all) {
        Optional<UserRoom> room = place.room;
        if (room.isPresent() && (all || room.get().isTorn()) && room.get().closeIfUnfinished()) {
            LOG.warn("journal could not be written: the runs of a user are stopped");
            unsettled.add(place.user);
            forget(place);
        }
    }

    private void recoverAll() {
        List<UserId> users = parts.journal().unfinishedUsers();
        if (users.isEmpty() || goingAway.get()) {
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
            while (next.isPresent() && !goingAway.get() && isRecovered(next.get())) {
                awaitingRoom.remove(next.get());
                next = Optional.ofNullable(awaitingRoom.peek());
            }
        } finally {
            recovering.set(false);
        }
        if (!awaitingRoom.isEmpty() && isWritable()) {
            parts.alarms().after(RECOVERY_LOOK, this::recoverSoon);
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
        try (UserExecutionEngine.Lease lease = open(user)) {
            return lease.engine().user().equals(user);
        } catch (RefusedException later) {
            return false;
        } catch (RuntimeException failure) {
            // The others are not to wait for this one, who is tried again when somebody asks for the user.
            LOG.error("runs of a user cannot go on", failure);
            return true;
        }
    }

    private List<UserRoom> rooms() {
        return places.values().stream().flatMap(place -> place.room.stream()).toList();
    }

    int liveRooms() {
        return count.get();
    }

    @Override
    public void shutDown(Duration drain) {
        if (!goingAway.compareAndSet(false, true)) {
            return;
        }
        rooms().forEach(UserRoom::refuseNewWork);
        boolean drained = awaitQuiet(drain);
        if (!drained) {
            LOG.info("stopping runs that did not end in time drain={}", drain);
        }
        rooms().forEach(UserRoom::interruptAll);
        boolean stopped = awaitQuiet(parts.limits().run().stopGrace().multipliedBy(2));
        if (!stopped) {
            LOG.warn("some runs ignore their stop and are left behind");
        }
        if (!await(LAST_READ, RoomDirectory::isFollowedToTheEnd)) {
            LOG.info("some followers have not read to the end limit={}", LAST_READ);
        }
        rooms().forEach(UserRoom::release);
        health.end();
        parts.alarms().close();
        parts.journal().close();
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
        List<UserRoom> busy = new ArrayList<>(rooms());
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
                if (never.await(SHUTDOWN_LOOK.toMillis(), TimeUnit.MILLISECONDS)) {
                    return false;
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        }
    }
}
