package io.insula.engine.api;

/** What to do with an input for a thread whose last run has not ended. */
public enum WhenBusy {
    /** Run it afterwards. */
    ENQUEUE,
    /** Refuse it. */
    REJECT,
    /** Stop what runs and waits in the thread, then run it. */
    INTERRUPT,
    /** As {@link #INTERRUPT}, and take the messages of the stopped runs back. Effects of tools stay. */
    ROLLBACK
}
