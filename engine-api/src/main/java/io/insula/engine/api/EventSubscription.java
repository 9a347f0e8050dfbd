package io.insula.engine.api;

/**
 * A reader's place in its user's log. It holds no events: it reads them when asked, so that a slow reader costs nothing
 * but its place.
 *
 * <p>One thread at a time may poll; {@link #close} may be called by any.
 */
public interface EventSubscription extends AutoCloseable {
    /** The position from which it began. */
    Position from();

    /**
     * The next events, and moves on behind them. Does not wait for events; may wait for storage.
     *
     * @param maxEvents at most this many, 1 or more
     * @param maxBytes stops after the event that reaches this many characters of JSON
     * @return an empty batch if there is nothing yet, or the subscription is closed
     * @throws RefusedException with {@link ErrorCode#POSITION_TRIMMED} if the reader was so slow that what it needs is
     *     no longer kept
     */
    EventBatch poll(int maxEvents, int maxBytes) throws RefusedException;

    /** Ends it; later calls do nothing. */
    @Override
    void close();
}
