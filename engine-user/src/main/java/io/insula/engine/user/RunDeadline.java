package io.insula.engine.user;

import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;

/** The time that a run may take. It stands still while the run waits. Guarded by the room's lock. */
final class RunDeadline {
    private final Alarms alarms;
    private final LongSupplier nanoTime;
    private final Duration whole;
    private Duration left;
    private boolean counting;
    private long since;
    private Alarms.Alarm alarm = () -> {};

    /**
     * Makes one that stands still.
     *
     * @param worked what was used of it before
     */
    RunDeadline(Duration whole, Duration worked, Alarms alarms, LongSupplier nanoTime) {
        this.whole = whole;
        this.left = worked.compareTo(whole) > 0 ? Duration.ZERO : whole.minus(worked);
        this.alarms = alarms;
        this.nanoTime = nanoTime;
    }

    /** The time of a run whose agent names this time, or none. */
    static Duration of(EngineLimits.Run limits, Optional<Duration> named) {
        Duration wanted = named.orElse(limits.deadline());
        return wanted.compareTo(limits.maxDeadline()) > 0 ? limits.maxDeadline() : wanted;
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

    /** What was used of it so far. */
    Duration worked() {
        return whole.minus(left());
    }
}
