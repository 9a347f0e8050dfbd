package io.insula.engine.user;

import io.insula.agent.UserId;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;

/**
 * What waits to be written, in one lane per user. Users take turns: however much one of them has waiting, each batch
 * takes the same share of everybody. Whoever had more waiting than a turn takes rests after it, about as long as it took:
 * so the writer is free half of the time, also beside a user who writes as fast as the disk. Whoever had not goes on at
 * once.
 */
final class JournalLanes {
    /** Tasks of all users in one batch. */
    private static final int BATCH_TASKS = 1_024;
    /** Characters of all users in one batch. */
    private static final long BATCH_BYTES = 4L << 20;
    /** The most and the fewest tasks of one user in one batch: the fewer, the more users have something waiting. */
    private static final int MOST_TASKS = 8;

    private static final int FEWEST_TASKS = 4;
    /** Characters of one user in one batch; the task that reaches it is the last. */
    private static final long TURN_BYTES = 64L << 10;
    /** A turn that took longer is no reason to rest longer. */
    private static final Duration LONGEST_REST = Duration.ofMillis(5);

    private final EngineLimits limits;
    private final LongSupplier nanoTime;
    private final BiConsumer<Duration, Runnable> later;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition work = lock.newCondition();
    private final Condition room = lock.newCondition();
    /** Guarded by {@link #lock}, as everything below. Only users with something waiting or under way are in here. */
    private final Map<UserId, Lane> lanes = new HashMap<>();

    private final Deque<Lane> turns = new ArrayDeque<>();
    /** With something waiting, and no turn for a moment. */
    private final Set<Lane> resting = new LinkedHashSet<>();
    /** Changed under the lock, and also read without it. */
    private final AtomicLong waitingBytes = new AtomicLong();

    private boolean woken;
    private boolean shut;
    private boolean closed;

    private static final class Lane {
        final UserId user;
        final Deque<JournalTask> waiting = new ArrayDeque<>();
        long bytes;

        Lane(UserId user) {
            this.user = user;
        }
    }

    private record Rest(Lane lane, Duration time) {}

    /**
     * What of one user is in a batch.
     *
     * @param left whether the user had more waiting than that
     */
    record Turn(UserId user, List<JournalTask> tasks, boolean left, Batch batch) {}

    /** When a batch was taken, and how many tasks are in it. */
    static final class Batch {
        private final long takenNanos;
        private int tasks;

        private Batch(long takenNanos) {
            this.takenNanos = takenNanos;
        }
    }

    /**
     * Makes lanes for all users.
     *
     * @param nanoTime a clock that never jumps
     * @param later has something called after a time, in any thread
     */
    JournalLanes(EngineLimits limits, LongSupplier nanoTime, BiConsumer<Duration, Runnable> later) {
        this.limits = limits;
        this.nanoTime = nanoTime;
        this.later = later;
    }

    /** Puts a task behind the user's others; false if the lanes are shut or closed. */
    boolean add(UserId user, JournalTask task) {
        lock.lock();
        try {
            if (shut || closed) {
                return false;
            }
            Lane lane = lanes.get(user);
            if (lane == null) {
                lane = new Lane(user);
                lanes.put(user, lane);
                turns.add(lane);
                work.signal();
            }
            lane.waiting.add(task);
            lane.bytes += task.bytes();
            waitingBytes.addAndGet(task.bytes());
            return true;
        } finally {
            lock.unlock();
        }
    }

    void awaitRoom(UserId user) throws InterruptedException {
        // Asked for every piece of text: where all users together have less waiting than one may, nobody has to wait.
        if (waitingBytes.get() < Math.min(limits.platform().waitingBytes(), limits.user().waitingBytes())) {
            return;
        }
        lock.lockInterruptibly();
        try {
            while (!closed && (waitingBytes.get() >= limits.platform().waitingBytes() || isOverShare(user))) {
                room.await();
            }
        } finally {
            lock.unlock();
        }
    }

    private boolean isOverShare(UserId user) {
        Lane lane = lanes.get(user);
        return lane != null && lane.bytes >= limits.user().waitingBytes();
    }

    long waitingBytes() {
        return waitingBytes.get();
    }

    boolean hasRoom() {
        lock.lock();
        try {
            return !closed && waitingBytes.get() < limits.platform().waitingBytes();
        } finally {
            lock.unlock();
        }
    }

    /**
     * The next batch. Its turns are to be given back.
     *
     * @param waits whether to wait until something is there, or {@link #wake} was called
     * @return no turns if nothing waits; empty if nothing ever will again
     */
    Optional<List<Turn>> take(boolean waits) {
        lock.lock();
        try {
            while (turns.isEmpty()) {
                if (!resting.isEmpty() && (closed || !waits)) {
                    turns.addAll(resting);
                    resting.clear();
                    break;
                }
                if (closed) {
                    return Optional.empty();
                }
                if (!waits || woken) {
                    woken = false;
                    return Optional.of(List.of());
                }
                work.awaitUninterruptibly();
            }
            return Optional.of(nextTurns());
        } finally {
            lock.unlock();
        }
    }

    private List<Turn> nextTurns() {
        int share = Math.clamp(BATCH_TASKS / turns.size(), FEWEST_TASKS, MOST_TASKS);
        List<Turn> batch = new ArrayList<>();
        Batch whole = new Batch(nanoTime.getAsLong());
        long bytes = 0;
        while (!turns.isEmpty() && whole.tasks < BATCH_TASKS && bytes < BATCH_BYTES) {
            Lane lane = turns.remove();
            List<JournalTask> turn = new ArrayList<>();
            long turnBytes = 0;
            while (turn.size() < share && turnBytes < TURN_BYTES && !lane.waiting.isEmpty()) {
                JournalTask task = lane.waiting.remove();
                turn.add(task);
                turnBytes += task.bytes();
            }
            batch.add(new Turn(lane.user, turn, !lane.waiting.isEmpty(), whole));
            whole.tasks += turn.size();
            bytes += turnBytes;
        }
        return batch;
    }

    /** Ends the turn: what it had waiting no longer counts, and the user may have another one, or rests before it. */
    void giveBack(Turn turn) {
        settle(turn).ifPresent(rest -> later.accept(rest.time(), () -> goOn(rest.lane())));
    }

    private Optional<Rest> settle(Turn turn) {
        lock.lock();
        try {
            Lane lane = lanes.get(turn.user());
            if (lane == null) {
                throw new IllegalStateException("a turn was given back twice");
            }
            for (JournalTask task : turn.tasks()) {
                lane.bytes -= task.bytes();
                waitingBytes.addAndGet(-task.bytes());
            }
            room.signalAll();
            if (lane.waiting.isEmpty()) {
                lanes.remove(turn.user());
                return Optional.empty();
            }
            Duration rest = turn.left() ? restAfter(turn) : Duration.ZERO;
            if (rest.isZero()) {
                turns.add(lane);
                work.signal();
                return Optional.empty();
            }
            resting.add(lane);
            return Optional.of(new Rest(lane, rest));
        } finally {
            lock.unlock();
        }
    }

    /** The part that the turn had of the time of its batch. */
    private Duration restAfter(Turn turn) {
        Batch batch = turn.batch();
        long nanos = (nanoTime.getAsLong() - batch.takenNanos) / batch.tasks * turn.tasks().size();
        return Duration.ofNanos(Math.clamp(nanos, 0, LONGEST_REST.toNanos()));
    }

    private void goOn(Lane lane) {
        lock.lock();
        try {
            if (resting.remove(lane)) {
                turns.add(lane);
                work.signal();
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * Takes nothing in until {@link #reopen}. What waits is to be taken and refused before that: it was put there in the
     * belief that what came before it would be written.
     */
    void shut() {
        lock.lock();
        try {
            shut = true;
        } finally {
            lock.unlock();
        }
    }

    /** Takes tasks in again, after {@link #shut}. */
    void reopen() {
        lock.lock();
        try {
            if (!lanes.isEmpty()) {
                throw new IllegalStateException("something from before still waits");
            }
            shut = false;
        } finally {
            lock.unlock();
        }
    }

    /** Has {@link #take} return, now or the next time, though nothing may be there. */
    void wake() {
        lock.lock();
        try {
            woken = true;
            work.signal();
        } finally {
            lock.unlock();
        }
    }

    /** Takes nothing in any more. */
    void close() {
        lock.lock();
        try {
            closed = true;
            work.signalAll();
            room.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
