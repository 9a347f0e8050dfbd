package io.insula.engine.user;

import java.time.Duration;

/** Calls back later. Safe for any number of threads. */
interface Alarms extends AutoCloseable {
    /**
     * Calls {@code action} once after {@code wait}, in a thread of the platform. The action must not block.
     *
     * @return what keeps it from being called
     */
    Alarm after(Duration wait, Runnable action);

    /** Calls nothing any more. */
    @Override
    void close();

    /** A call to come. */
    @FunctionalInterface
    interface Alarm {
        /** Keeps it from being called, unless it was; later calls do nothing. */
        void cancel();
    }
}
