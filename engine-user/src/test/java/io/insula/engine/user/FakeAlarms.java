package io.insula.engine.user;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/** Time that moves only when the test says so; alarms that are due then ring in the test's thread. */
final class FakeAlarms implements Alarms, InstantSource {
    private static final Instant BEGINNING = Instant.parse("2026-11-01T12:00:00Z");

    private final ReentrantLock lock = new ReentrantLock();
    /** Guarded by {@link #lock}, as everything below. */
    private final List<Pending> pending = new ArrayList<>();

    private long nanos;
    private long alarms;
    private long asked;
    private boolean closed;

    private record Pending(long number, long due, Duration delay, Runnable action) {}

    @Override
    public Alarm after(Duration wait, Runnable action) {
        lock.lock();
        try {
            if (closed) {
                return () -> {};
            }
            Pending call = new Pending(++alarms, nanos + wait.toNanos(), wait, action);
            pending.add(call);
            return () -> remove(call);
        } finally {
            lock.unlock();
        }
    }

    private void remove(Pending call) {
        lock.lock();
        try {
            pending.remove(call);
        } finally {
            lock.unlock();
        }
    }

    /** Lets so much time pass, and everything ring that is due meanwhile, in order. */
    void advance(Duration time) {
        long end = nanoTime() + time.toNanos();
        Optional<Pending> due = nextUntil(end);
        while (due.isPresent()) {
            due.get().action().run();
            due = nextUntil(end);
        }
    }

    /** Lets so much time pass without anything ringing. */
    void skip(Duration time) {
        lock.lock();
        try {
            nanos += time.toNanos();
        } finally {
            lock.unlock();
        }
    }

    private Optional<Pending> nextUntil(long end) {
        lock.lock();
        try {
            Optional<Pending> next = pending.stream()
                    .filter(call -> call.due() <= end)
                    .min(Comparator.comparingLong(Pending::due).thenComparingLong(Pending::number));
            next.ifPresent(pending::remove);
            nanos = Math.max(nanos, next.map(Pending::due).orElse(end));
            return next;
        } finally {
            lock.unlock();
        }
    }

    long nanoTime() {
        lock.lock();
        try {
            asked++;
            return nanos;
        } finally {
            lock.unlock();
        }
    }

    /** How often somebody has asked for the time, which tells that whoever waits with a limit is still at it. */
    long asked() {
        lock.lock();
        try {
            return asked;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public Instant instant() {
        return BEGINNING.plusNanos(nanoTime());
    }

    /** How many alarms are set for this wait. */
    int set(Duration wait) {
        lock.lock();
        try {
            return (int) pending.stream()
                    .filter(call -> call.delay().equals(wait))
                    .count();
        } finally {
            lock.unlock();
        }
    }

    /** How many alarms are set in all. */
    int set() {
        lock.lock();
        try {
            return pending.size();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            pending.clear();
        } finally {
            lock.unlock();
        }
    }
}
