package io.insula.engine.user;

import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Alarms on one platform thread, so that busy agents cannot delay them. */
final class ThreadAlarms implements Alarms {
    private static final Logger LOG = LoggerFactory.getLogger(ThreadAlarms.class);

    private final ScheduledThreadPoolExecutor executor;

    ThreadAlarms(ThreadFactory threads) {
        executor = new ScheduledThreadPoolExecutor(1, threads);
        // Most alarms are deadlines that never ring: without this they would hold their runs until they would have.
        executor.setRemoveOnCancelPolicy(true);
    }

    @Override
    public Alarm after(Duration wait, Runnable action) {
        try {
            Future<?> call = executor.schedule(() -> ring(action), wait.toNanos(), TimeUnit.NANOSECONDS);
            return () -> call.cancel(false);
        } catch (RejectedExecutionException closed) {
            LOG.debug("alarm after close dropped");
            return () -> {};
        }
    }

    private static void ring(Runnable action) {
        try {
            action.run();
        } catch (RuntimeException failure) {
            LOG.error("alarm failed", failure);
        }
    }

    @Override
    public void close() {
        executor.shutdownNow();
    }
}
