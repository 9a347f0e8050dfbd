package io.insula.transport.websocket;

import io.insula.agent.UserId;
import io.insula.engine.api.UserExecutionEngine;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.websocket.core.CloseStatus;
import org.eclipse.jetty.websocket.core.CoreSession;
import org.eclipse.jetty.websocket.core.Frame;
import org.eclipse.jetty.websocket.core.FrameHandler;
import org.eclipse.jetty.websocket.core.OpCode;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One WebSocket of one user. It is made before the upgrade, holds the user's engine from then on, and gives back
 * everything once, however it ends.
 *
 * <p>Frames come one at a time: the next is asked for when the one before has been dealt with, so a client that sends
 * faster than it is served waits in its own socket.
 */
final class ClientConnection implements FrameHandler, LiveConnection {
    private static final Logger LOG = LoggerFactory.getLogger(ClientConnection.class);
    private static final int PINGS_AT_ONCE_PART = 10;

    /**
     * What a connection was given at the door.
     *
     * @param id names it in logs and to the peer
     * @param lease the user's engine
     * @param place the place in the user's room
     * @param token under which it is open
     */
    record Admission(String id, UserExecutionEngine.Lease lease, UserRooms.Place place, ConnectionToken token) {}

    private enum Stage {
        ADMITTED, OPEN, ENDED
    }

    private final Surroundings surroundings;
    private final Admission admission;
    private final LiveConnections live;
    private final Outbox outbox;
    private final MessageHandler handler;
    private final MessageAssembly assembly;
    private final TokenBucket pings;
    private final AtomicReference<Stage> stage = new AtomicReference<>(Stage.ADMITTED);
    private volatile @Nullable CoreSession session;
    private volatile long heardNanos;
    /** Belongs to the heartbeat's thread. */
    private long pingedNanos;

    ClientConnection(Surroundings surroundings, Admission admission, LiveConnections live) {
        this.surroundings = surroundings;
        this.admission = admission;
        this.live = live;
        TransportLimits.Messages limits = surroundings.limits().messages();
        heardNanos = surroundings.nanoTime().getAsLong();
        pingedNanos = heardNanos;
        pings = new TokenBucket(
                limits.pingsPerMinute(), Math.max(1, limits.pingsPerMinute() / PINGS_AT_ONCE_PART), heardNanos);
        outbox = new Outbox(surroundings, admission.id(), surroundings.messages());
        assembly = new MessageAssembly(limits);
        handler = new MessageHandler(
                surroundings,
                admission.lease().engine(),
                outbox,
                admission.place().messages(),
                pings,
                admission.token(),
                admission.id());
    }

    String id() {
        return admission.id();
    }

    /** Appends the first message; before the connection is open. */
    void greet(byte[] welcome) {
        outbox.offer(welcome);
    }

    /** Has the connection end with its engine. */
    void followEngine() {
        admission.lease().ended().thenAccept(why -> {
            outbox.offer(surroundings.messages().engineEnded(why));
            outbox.close(CloseReason.ofEnd(why));
        });
    }

    @Override
    public boolean isOf(UserId user) {
        return admission.place().user().equals(user);
    }

    @Override
    public void close(CloseReason why) {
        outbox.close(why);
    }

    /** Gives everything back if the upgrade did not happen. */
    void abandon() {
        if (stage.compareAndSet(Stage.ADMITTED, Stage.ENDED)) {
            live.release(this, admission, outbox);
        }
    }

    @Override
    public void onOpen(CoreSession opened, Callback callback) {
        session = opened;
        heardNanos = surroundings.nanoTime().getAsLong();
        callback.succeeded();
        if (!stage.compareAndSet(Stage.ADMITTED, Stage.OPEN)) {
            opened.abort();
            return;
        }
        LOG.debug("connection_opened connection={}", admission.id());
        outbox.open(new WebSocketPeer(opened));
        opened.demand();
    }

    @Override
    public void onFrame(Frame frame, Callback callback) {
        CoreSession open = session;
        if (open == null) {
            callback.failed(new IllegalStateException("a frame came before the connection was open"));
            return;
        }
        heardNanos = surroundings.nanoTime().getAsLong();
        try {
            handle(frame, callback, open);
        } catch (Throwable failure) {
            LOG.error("connection_failed connection={} failure={}", admission.id(), FailureTrace.of(failure));
            outbox.closeNow(CloseReason.INTERNAL_ERROR);
            open.demand();
        }
    }

    private void handle(Frame frame, Callback callback, CoreSession open) {
        switch (frame.getOpCode()) {
            case OpCode.CLOSE -> {
                answerClose(frame, open);
                callback.succeeded();
            }
            case OpCode.PING -> ping(frame, callback, open);
            case OpCode.PONG -> {
                callback.succeeded();
                countPing();
                open.demand();
            }
            case OpCode.BINARY -> {
                callback.succeeded();
                outbox.close(CloseReason.TEXT_ONLY);
                open.demand();
            }
            default -> {
                text(frame, callback);
                open.demand();
            }
        }
    }

    private void text(Frame frame, Callback callback) {
        if (outbox.isClosing()) {
            callback.succeeded();
            return;
        }
        MessageAssembly.Step step;
        try {
            step = assembly.add(frame.getPayload(), frame.isFin());
        } finally {
            callback.succeeded();
        }
        switch (step) {
            case MessageAssembly.Step.More more -> {
                // The rest is still to come.
            }
            case MessageAssembly.Step.Whole whole -> handler.handle(whole.text());
            case MessageAssembly.Step.Broken broken -> outbox.close(broken.why());
        }
    }

    /** The next frame is asked for when the pong has left: pings of a client that does not read wait in its socket. */
    private void ping(Frame frame, Callback callback, CoreSession open) {
        var pong = new Frame(OpCode.PONG, true, BufferUtil.copy(frame.getPayload()));
        callback.succeeded();
        if (!countPing() || outbox.isClosing()) {
            open.demand();
            return;
        }
        open.sendFrame(pong, Callback.from(open::demand, failure -> open.abort()), false);
    }

    private boolean countPing() {
        if (pings.take(surroundings.nanoTime().getAsLong()).isZero()) {
            return true;
        }
        outbox.close(CloseReason.POLICY);
        return false;
    }

    /** Without this the library would echo the peer's own words. */
    private static void answerClose(Frame frame, CoreSession open) {
        if (!open.isOutputOpen()) {
            return;
        }
        if (CloseStatus.getCloseStatus(frame).getCode() == CloseStatus.NO_CODE) {
            open.close(Callback.NOOP);
        } else {
            open.close(CloseStatus.NORMAL, null, Callback.NOOP);
        }
    }

    @Override
    public void beat(long nowNanos, Instant now) {
        TransportLimits.Times times = surroundings.limits().times();
        if (stage.get() == Stage.ADMITTED && nowNanos - heardNanos > times.handshake().toNanos()) {
            abandon();
        }
        CoreSession open = session;
        if (open == null || stage.get() != Stage.OPEN) {
            return;
        }
        if (admission.token().hasEnded(now)) {
            outbox.close(CloseReason.TOKEN_EXPIRED);
        }
        if (admission.token().isRevoked()) {
            outbox.close(CloseReason.TOKEN_REVOKED);
        }
        if (nowNanos - heardNanos > times.deadAfter().toNanos()) {
            outbox.close(CloseReason.GOING_AWAY);
        }
        if (nowNanos - pingedNanos >= times.ping().toNanos() && !outbox.isClosing()) {
            pingedNanos = nowNanos;
            open.sendFrame(new Frame(OpCode.PING), Callback.NOOP, false);
        }
        outbox.check(nowNanos);
    }

    @Override
    public void onError(Throwable cause, Callback callback) {
        LOG.debug("connection_error connection={} failure={}", admission.id(), FailureTrace.of(cause));
        callback.succeeded();
    }

    @Override
    public void onClosed(CloseStatus status, Callback callback) {
        try {
            LOG.debug("connection_closed connection={} code={}", admission.id(), status.getCode());
            end();
        } catch (RuntimeException failure) {
            LOG.error("give_back_failed connection={} failure={}", admission.id(), FailureTrace.of(failure));
        } finally {
            callback.succeeded();
        }
    }

    @Override
    public void end() {
        if (stage.getAndSet(Stage.ENDED) != Stage.ENDED) {
            live.release(this, admission, outbox);
        }
    }
}
