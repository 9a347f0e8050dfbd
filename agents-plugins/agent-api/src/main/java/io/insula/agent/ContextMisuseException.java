package io.insula.agent;

/**
 * The plugin used a context, writer or tool in a way that the contract forbids, such as from a thread that it was not
 * given to or after its run returned. A mistake in the plugin, never the user's.
 */
public final class ContextMisuseException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Made by the platform; the message says which rule was broken. */
    public ContextMisuseException(String message) {
        super(message);
    }
}
