package io.insula.engine.user;

import io.insula.agent.UserId;
import io.insula.engine.user.EventJournal.Appended;
import io.insula.engine.user.EventJournal.JournalException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One platform thread that writes for all users, who take turns: however much one of them has waiting, each turn takes
 * the same share of everybody.
 */
final class JournalWriter implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(JournalWriter.class);
    /** Appends of one user in one turn. */
    private static final int SHARE_OF_TURN = 64;

    private final EngineLimits limits;
    private final Storage storage;
    private final Thread thread;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition work = lock.newCondition();
    private final Condition room = lock.newCondition();
    /** Guarded by {@link #lock}, as everything below. Only users with something waiting are in here. */
    private final Map<UserId, Lane> lanes = new HashMap<>();

    private final Deque<Lane> turns = new ArrayDeque<>();
    private long waitingBytes;
    private boolean closed;

    /** Where it is written to. Called by the writer's thread alone. */
    interface Storage {
        Appended write(UserId user, JournalAppend append);

        /** Something of the user was written, and whoever waited for it knows. */
        void written(UserId user);
    }

    private record Waiting(JournalAppend append, CompletableFuture<Appended> written) {}

    private static final class Lane {
        final UserId user;
        final Deque<Waiting> waiting = new ArrayDeque<>();
        long bytes;

        Lane(UserId user) {
            this.user = user;
        }
    }

    JournalWriter(EngineLimits limits, ThreadFactory threads, Storage storage) {
        this.limits = limits;
        this.storage = storage;
        this.thread = threads.newThread(this::run);
        this.thread.setName("insula-journal");
        this.thread.start();
    }

    CompletionStage<Appended> append(UserId user, JournalAppend append) {
        CompletableFuture<Appended> written = new CompletableFuture<>();
        lock.lock();
        try {
            if (closed) {
                written.completeExceptionally(new JournalException("the journal is closed"));
                return written;
            }
            Lane lane = lanes.get(user);
            if (lane == null) {
                lane = new Lane(user);
                lanes.put(user, lane);
                turns.add(lane);
                work.signal();
            }
            lane.waiting.add(new Waiting(append, written));
            lane.bytes += append.bytes();
            waitingBytes += append.bytes();
        } finally {
            lock.unlock();
        }
        return written;
    }

    void awaitRoom(UserId user) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (!closed && (waitingBytes >= limits.platform().waitingBytes() || isOverShare(user))) {
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

    boolean hasRoom() {
        lock.lock();
        try {
            return !closed && waitingBytes < limits.platform().waitingBytes();
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        while (true) {
            Lane lane = nextTurn();
            if (lane == null) {
                return;
            }
            List<Waiting> turn = take(lane);
            long bytes = 0;
            for (Waiting waiting : turn) {
                write(lane.user, waiting);
                bytes += waiting.append().bytes();
            }
            tell(lane.user);
            endTurn(lane, bytes);
        }
    }

    private @Nullable Lane nextTurn() {
        lock.lock();
        try {
            while (turns.isEmpty()) {
                if (closed) {
                    return null;
                }
                work.awaitUninterruptibly();
            }
            return turns.poll();
        } finally {
            lock.unlock();
        }
    }

    private List<Waiting> take(Lane lane) {
        lock.lock();
        try {
            List<Waiting> turn = new ArrayList<>();
            while (turn.size() < SHARE_OF_TURN && !lane.waiting.isEmpty()) {
                turn.add(lane.waiting.remove());
            }
            return turn;
        } finally {
            lock.unlock();
        }
    }

    private void endTurn(Lane lane, long bytes) {
        lock.lock();
        try {
            lane.bytes -= bytes;
            waitingBytes -= bytes;
            if (lane.waiting.isEmpty()) {
                lanes.remove(lane.user);
            } else {
                turns.add(lane);
            }
            room.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void tell(UserId user) {
        try {
            storage.written(user);
        } catch (Throwable failure) {
            // The thread writes for all users: nothing that one of them brings may end it.
            LOG.error("follower failed", failure);
        }
    }

    /** A bad append fails alone, whatever it is that it fails of. */
    private void write(UserId user, Waiting waiting) {
        Appended place;
        try {
            place = storage.write(user, waiting.append());
        } catch (Throwable failure) {
            LOG.error("append failed events={}", waiting.append().events().size(), failure);
            waiting.written().completeExceptionally(new JournalException("the append failed"));
            return;
        }
        waiting.written().complete(place);
    }

    /** Writes what waits, then ends. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            work.signalAll();
            room.signalAll();
        } finally {
            lock.unlock();
        }
        if (Thread.currentThread() == thread) {
            return;
        }
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
