package io.insula.engine.user;

import java.time.Duration;
import java.util.function.LongSupplier;

/** The time that a run may take. It stands still while the run waits. Guarded by the room's lock. */
final class RunDeadline {
    private final Alarms alarms;
    private final LongSupplier nanoTime;
    private Duration left;
    private boolean counting;
    private long since;
    private Alarms.Alarm alarm = () -> {};

    RunDeadline(Duration left, Alarms alarms, LongSupplier nanoTime) {
        this.left = left;
        this.alarms = alarms;
        this.nanoTime = nanoTime;
    }

    /** Counts from now on, and calls {@code whenPassed} without any lock when nothing is left. */
    void start(Runnable whenPassed) {
        stop();
        counting = true;
        since = nanoTime.getAsLong();
        alarm = alarms.after(left, whenPassed);
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
