package io.insula.agent;

/**
 * A message that is written piece by piece while the user watches. Closing it ends the message.
 *
 * <p>Usable in the thread of its context only. A run that ends with an open writer closes it.
 */
public interface MessageWriter extends AutoCloseable {
    /**
     * Adds to the message. Blocks while the user's share of the journal is full.
     *
     * @param text what to add; nothing happens if it is empty; longer texts are split
     * @throws RunStoppedException if the run has ended
     * @throws ContextMisuseException if the writer is closed, or used from another thread
     */
    void write(String text);

    /** Ends the message; later calls do nothing. */
    @Override
    void close();
}
