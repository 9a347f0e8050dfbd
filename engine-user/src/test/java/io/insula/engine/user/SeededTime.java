package io.insula.engine.user;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;

/**
 * Time that passes when a thread lets it, or when every thread waits. Alarms ring one after another in a seeded thread
 * of their own, as late as the seed has it. Used by seeded threads and their driver alone, so that nothing is guarded.
 */
final class SeededTime implements Alarms, InstantSource {
    private static final Instant BEGINNING = Instant.parse("2026-11-01T12:00:00Z");
    /** Idle rooms are looked after forever: so many alarms in a row that change nothing mean that nothing will. */
    private static final int MOST_JUMPS = 400;

    private final SeededThreads threads;
    private final List<Pending> pending = new ArrayList<>();
    private SeededThreads.Group ringing;
    private Thread ringer;
    private long nanos;
    private long jumpedNanos;
    private long alarms;
    private boolean closed;
    private boolean ended;
    private boolean isPatient;
    private long turnsAtJump;
    private int idleJumps;

    private record Pending(long number, long due, boolean sleeper, Runnable action) {}

    SeededTime(SeededThreads threads) {
        this.threads = threads;
        this.ringing = threads.background("time");
        this.ringer = ringing.factory("ringer").newThread(this::ring);
        this.ringer.start();
    }

    /** Forgets the alarms of a process that has crashed, and whatever one of them was at. */
    void crash() {
        pending.removeIf(call -> !call.sleeper());
        ringing.crash();
        ringing = threads.background("time");
        ringer = ringing.factory("ringer").newThread(this::ring);
        ringer.start();
    }

    @Override
    public Alarm after(Duration wait, Runnable action) {
        if (closed) {
            return () -> {};
        }
        return add(wait, false, action);
    }

    private Alarm add(Duration wait, boolean sleeper, Runnable action) {
        Pending call = new Pending(++alarms, nanos + wait.toNanos(), sleeper, action);
        pending.add(call);
        return () -> pending.remove(call);
    }

    /** Holds the calling thread up for so long. */
    void sleep(Duration time) throws InterruptedException {
        CountDownLatch awake = new CountDownLatch(1);
        Alarm alarm = add(time, true, awake::countDown);
        try {
            awake.await();
        } finally {
            alarm.cancel();
        }
    }

    /** Lets so much time pass; what is due rings when its thread gets round to it. */
    void pass(Duration time) {
        if (!isPatient) {
            nanos += time.toNanos();
            LockSupport.unpark(ringer);
        }
    }

    /** From now on time passes only when every thread waits: nobody's patience ends while what it waits for could go on. */
    void becomePatient() {
        isPatient = true;
    }

    /** Lets time pass until the next alarm; false if none is set, or they ring for nothing. */
    boolean jump() {
        // The ringer takes a turn or two for each alarm; more than that is work.
        idleJumps = threads.turns() - turnsAtJump <= 2 ? idleJumps + 1 : 0;
        turnsAtJump = threads.turns();
        Optional<Pending> next = first();
        if (next.isEmpty() || idleJumps > MOST_JUMPS) {
            return false;
        }
        jumpedNanos += Math.max(0, next.get().due() - nanos);
        nanos = Math.max(nanos, next.get().due());
        LockSupport.unpark(ringer);
        return true;
    }

    private Optional<Pending> first() {
        return pending.stream().min(Comparator.comparingLong(Pending::due).thenComparingLong(Pending::number));
    }

    private void ring() {
        while (!ended) {
            Optional<Pending> due = first().filter(call -> call.due() <= nanos);
            if (due.isPresent()) {
                pending.remove(due.get());
                due.get().action().run();
            } else {
                LockSupport.park();
            }
        }
    }

    /** Ends the thread in which alarms ring. */
    void end() {
        ended = true;
        LockSupport.unpark(ringer);
    }

    /** How many alarms are set. */
    long set() {
        return pending.stream().filter(call -> !call.sleeper()).count();
    }

    /** How much of the time has passed because everybody waited. */
    long jumpedNanos() {
        return jumpedNanos;
    }

    long nanoTime() {
        return nanos;
    }

    @Override
    public Instant instant() {
        return BEGINNING.plusNanos(nanos);
    }

    @Override
    public void close() {
        closed = true;
        pending.removeIf(call -> !call.sleeper());
    }
}
