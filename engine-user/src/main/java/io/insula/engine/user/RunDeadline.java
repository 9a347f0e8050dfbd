package io.insula.engine.user;

import java.time.Duration;
import java.util.function.LongSupplier;

/** The time that a run may take. It stands still while the run waits. Guarded by the room's lock. */
final class RunDeadline {
    private final Alarms alarms;
    private final LongSupplier nanoTime;
    private Duration left;
    private Runnable passed = () -> {};
    private boolean counting;
    private long since;
    private Alarms.Alarm alarm = () -> {};

    RunDeadline(Duration left, Alarms alarms, LongSupplier nanoTime) {
        this.left = left;
        this.alarms = alarms;
        this.nanoTime = nanoTime;
    }

    /** Sets what is left; it counts on if it did. */
    void set(Duration time) {
        boolean goesOn = counting;
        stop();
        left = time;
        if (goesOn) {
            start(passed);
        }
    }

    /** Counts from now on, and calls {@code whenPassed} without any lock when nothing is left. */
    void start(Runnable whenPassed) {
        stop();
        passed = whenPassed;
        counting = true;
        since = nanoTime.getAsLong();
        alarm = alarms.after(left, passed);
    }

    void stop() {
        alarm.cancel();
        left = left();
        counting = false;
    }

    Duration left() {
        if (!counting) {
            return left;
        }
        Duration rest = left.minusNanos(nanoTime.getAsLong() - since);
        return rest.isNegative() ? Duration.ZERO : rest;
    }
}
