package io.insula.engine.user;

import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One platform thread that tells what became of batches, one after the other, while the writer is at the next: what
 * users' rooms do when they hear of it does not hold up the disk. Safe for any number of threads.
 */
final class JournalTeller {
    private static final Logger LOG = LoggerFactory.getLogger(JournalTeller.class);

    private final Thread thread;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition more = lock.newCondition();
    private final Condition silence = lock.newCondition();
    /**
     * Guarded by {@link #lock}, as everything below. No more than there are users with something under way: whoever
     * waits to be told of a turn has no other one.
     */
    private final Queue<Runnable> news = new ArrayDeque<>();

    private boolean telling;
    private boolean closed;

    JournalTeller(ThreadFactory threads) {
        this.thread = threads.newThread(this::run);
        this.thread.setName("insula-journal-teller");
        this.thread.start();
    }

    /** Has something told behind everything that was to be told before. */
    void tell(Runnable next) {
        lock.lock();
        try {
            news.add(next);
            more.signal();
        } finally {
            lock.unlock();
        }
    }

    /** Waits until everything so far is told. Never to be called by who is told. */
    void awaitSilence() {
        lock.lock();
        try {
            while (telling || !news.isEmpty()) {
                silence.awaitUninterruptibly();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Whether the caller is just being told something. */
    boolean isTellingCaller() {
        return Thread.currentThread() == thread;
    }

    /** Ends the thread when everything is told. */
    void close() {
        lock.lock();
        try {
            closed = true;
            more.signal();
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        Optional<Runnable> next = next();
        while (next.isPresent()) {
            try {
                next.get().run();
            } catch (Throwable failure) {
                // The thread tells all users: nothing that one of them does may end it.
                LOG.error("telling failed", failure);
            }
            next = next();
        }
    }

    /** What is to be told now; empty if nothing ever will be again. */
    private Optional<Runnable> next() {
        lock.lock();
        try {
            telling = false;
            while (news.isEmpty() && !closed) {
                silence.signalAll();
                more.awaitUninterruptibly();
            }
            telling = !news.isEmpty();
            if (!telling) {
                silence.signalAll();
            }
            return Optional.ofNullable(news.poll());
        } finally {
            lock.unlock();
        }
    }
}
