package io.insula.engine.api;

/** Where a run stands. The last four are terminal: they never change. */
public enum RunState {
    /** Accepted, not begun. */
    QUEUED,
    /** At work. */
    RUNNING,
    /** Waits for the user. */
    WAITING_FOR_ANSWER,
    /** Returned. */
    COMPLETED,
    /** Ended with an error. */
    FAILED,
    /** Stopped by the user. */
    CANCELLED,
    /** Its deadline passed. */
    TIMED_OUT;

    /** Whether the run has ended. */
    public boolean isTerminal() {
        return switch (this) {
            case QUEUED, RUNNING, WAITING_FOR_ANSWER -> false;
            case COMPLETED, FAILED, CANCELLED, TIMED_OUT -> true;
        };
    }
}
