package io.insula.agent.hosting;

/**
 * Code of a plugin failed in a way that is its own fault. The plugin's exception is neither the cause nor kept, so that
 * nothing of the plugin outlives it; it was written to the log where it was caught.
 */
public final class PluginFaultException extends Exception {
    private static final long serialVersionUID = 1L;

    /** Says which plugin did what; never with text of the plugin's exception. */
    public PluginFaultException(String message) {
        super(message, null, false, true);
    }
}
