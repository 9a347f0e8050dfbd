package io.insula.transport.websocket;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.Function;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.EofException;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.Invocable;

/**
 * The other end of a response that goes on: a stream of server-sent events. It says nothing any more, so that whatever
 * comes from it, its end above all, ends the stream. Without that, one who went away would be noticed when something is
 * written to it for the second time.
 */
final class StreamPeer implements Peer {
    private static final String ENDED = "the stream has ended";

    private final Response response;
    private final Callback callback;
    private final Function<CloseReason, byte[]> farewell;
    private final EndPoint endPoint;
    private final Object lock = new Object();
    // Guarded by lock, as everything below.
    /** Whether the socket has been given something and has not taken it: the response must not be ended meanwhile. */
    private boolean writing;
    private boolean aborted;
    /** Whether the callback has been told: the response must not be touched any more. */
    private boolean ended;

    /**
     * Makes one.
     *
     * @param callback told when the response is whole, or will never be
     * @param farewell what is said last
     */
    StreamPeer(Response response, Callback callback, Function<CloseReason, byte[]> farewell) {
        this.response = response;
        this.callback = callback;
        this.farewell = farewell;
        endPoint = response.getRequest().getConnectionMetaData().getConnection().getEndPoint();
    }

    /** Begins to look whether the peer is still there; once the request has been read to its end. */
    void watch() {
        endPoint.fillInterested(Callback.from(this::heard, failure -> abort()));
    }

    private void heard() {
        try {
            // Nothing may come but, of an encrypted socket, what is none of ours.
            if (endPoint.fill(BufferUtil.allocate(1)) == 0) {
                watch();
                return;
            }
        } catch (Exception e) {
            // Then it cannot be read any more, which is what was to be found out.
        }
        abort();
    }

    @Override
    public void send(List<byte[]> messages, Callback taken) {
        write(false, joined(messages), taken);
    }

    private void write(boolean last, ByteBuffer bytes, Callback taken) {
        boolean tooLate;
        synchronized (lock) {
            tooLate = aborted || ended;
            writing |= !tooLate;
        }
        if (tooLate) {
            taken.failed(new EofException(ENDED));
            return;
        }
        Callback written = Callback.from(Invocable.InvocationType.NON_BLOCKING, () -> {
            if (isGoingOn()) {
                taken.succeeded();
            } else {
                taken.failed(new EofException(ENDED));
            }
        }, failure -> {
            isGoingOn();
            taken.failed(failure);
        });
        try {
            response.write(last, bytes, written);
        } catch (RuntimeException failure) {
            written.failed(failure);
        }
    }

    /** Notes that nothing is being written any more; whether more may follow, or it was ended meanwhile. */
    private boolean isGoingOn() {
        boolean goesOn;
        synchronized (lock) {
            writing = false;
            goesOn = !aborted;
        }
        if (!goesOn) {
            fail();
        }
        return goesOn;
    }

    private static ByteBuffer joined(List<byte[]> messages) {
        if (messages.size() == 1) {
            return ByteBuffer.wrap(messages.getFirst());
        }
        ByteBuffer all = ByteBuffer.allocate(messages.stream().mapToInt(message -> message.length).sum());
        messages.forEach(all::put);
        return all.flip();
    }

    /** Without a word, if the socket has not taken what was said before. */
    @Override
    public void close(CloseReason why) {
        boolean stuck;
        synchronized (lock) {
            stuck = writing;
        }
        if (stuck) {
            abort();
        } else {
            write(true, ByteBuffer.wrap(farewell.apply(why)), Callback.from(this::whole, failure -> abort()));
        }
    }

    private void whole() {
        boolean first;
        synchronized (lock) {
            first = !ended;
            ended = true;
        }
        if (first) {
            callback.succeeded();
        }
    }

    @Override
    public void abort() {
        synchronized (lock) {
            aborted = true;
        }
        // What is being written fails by this, and ends the response then.
        endPoint.close();
        fail();
    }

    private void fail() {
        boolean first;
        synchronized (lock) {
            first = !ended && !writing;
            ended |= first;
        }
        if (first) {
            callback.failed(new EofException(ENDED));
        }
    }
}
