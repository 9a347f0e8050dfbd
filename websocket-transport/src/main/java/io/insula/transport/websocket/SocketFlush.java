package io.insula.transport.websocket;

import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.eclipse.jetty.util.Callback;

/**
 * Several messages that are handed to a socket at once. The socket calls back when it has taken the last one, often
 * before the sender itself returns: whichever of the two comes later goes on, and never both.
 */
final class SocketFlush implements Callback {
    private enum State {
        SENDING, TAKEN, LEFT, FAILED
    }

    private final AtomicReference<State> state = new AtomicReference<>(State.SENDING);
    private final Runnable taken;
    private final Runnable goOn;
    private final Runnable failed;

    /**
     * Makes one.
     *
     * @param taken told when the socket has taken all
     * @param goOn told then, if the sender has left that to the socket
     * @param failed told when the socket takes nothing more
     */
    SocketFlush(Runnable taken, Runnable goOn, Runnable failed) {
        this.taken = taken;
        this.goOn = goOn;
        this.failed = failed;
    }

    /** Sends at least one message; whether all are taken already, so that the sender goes on itself. */
    boolean send(List<byte[]> batch, Peer peer) {
        peer.send(batch, this);
        return !state.compareAndSet(State.SENDING, State.LEFT) && state.get() == State.TAKEN;
    }

    @Override
    public void succeeded() {
        taken.run();
        if (!state.compareAndSet(State.SENDING, State.TAKEN)) {
            goOn.run();
        }
    }

    @Override
    public void failed(Throwable cause) {
        state.set(State.FAILED);
        failed.run();
    }

    @Override
    public InvocationType getInvocationType() {
        return InvocationType.NON_BLOCKING;
    }
}
