package io.insula.transport.websocket;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;

/** Fails when its source brings too little: somebody who sends a byte now and then would hold a thread for ever. */
final class PacedInput extends FilterInputStream {
    private static final double NANOS_PER_SECOND = 1e9;

    private final int bytesPerSecond;
    private final long graceNanos;
    private final LongSupplier nanoTime;
    private final long begunNanos;
    private long bytesRead;

    PacedInput(InputStream source, int bytesPerSecond, Duration grace, LongSupplier nanoTime) {
        super(source);
        this.bytesPerSecond = bytesPerSecond;
        this.graceNanos = grace.toNanos();
        this.nanoTime = nanoTime;
        this.begunNanos = nanoTime.getAsLong();
    }

    /** The content of a request. */
    static PacedInput of(Request request, TransportLimits limits, LongSupplier nanoTime) {
        return new PacedInput(
                Content.Source.asInputStream(request),
                limits.http().uploadBytesPerSecond(),
                limits.times().handshake(),
                nanoTime);
    }

    @Override
    public int read() throws IOException {
        int value = super.read();
        count(value < 0 ? 0 : 1);
        return value;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        int count = super.read(buffer, offset, length);
        count(Math.max(0, count));
        return count;
    }

    private void count(int bytes) throws IOException {
        bytesRead += bytes;
        long pastGraceNanos = nanoTime.getAsLong() - begunNanos - graceNanos;
        if (pastGraceNanos > 0 && bytesRead < pastGraceNanos / NANOS_PER_SECOND * bytesPerSecond) {
            throw new IOException("the content comes too slowly");
        }
    }
}
