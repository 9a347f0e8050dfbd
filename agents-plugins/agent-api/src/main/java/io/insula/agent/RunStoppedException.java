package io.insula.agent;

/**
 * The run has ended for everybody else: it was stopped, timed out or was abandoned. Let it pass through; nothing that
 * the agent does afterwards is seen by anyone.
 */
public final class RunStoppedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Made by the platform. */
    public RunStoppedException() {
        super("the run has ended", null, false, false);
    }
}
