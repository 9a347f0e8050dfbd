package io.insula.transport.websocket;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Fails when its target takes too little: somebody who reads a byte now and then would hold a thread for ever. Only the
 * time spent in the target counts.
 */
final class PacedOutput extends FilterOutputStream {
    private static final double NANOS_PER_SECOND = 1e9;

    private final int bytesPerSecond;
    private final long graceNanos;
    private final LongSupplier nanoTime;
    private long spentNanos;
    private long bytesWritten;

    PacedOutput(OutputStream target, int bytesPerSecond, Duration grace, LongSupplier nanoTime) {
        super(target);
        this.bytesPerSecond = bytesPerSecond;
        this.graceNanos = grace.toNanos();
        this.nanoTime = nanoTime;
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        long begun = nanoTime.getAsLong();
        out.write(bytes, offset, length);
        spentNanos += nanoTime.getAsLong() - begun;
        bytesWritten += length;
        long pastGraceNanos = spentNanos - graceNanos;
        if (pastGraceNanos > 0 && bytesWritten < pastGraceNanos / NANOS_PER_SECOND * bytesPerSecond) {
            throw new IOException("the content is taken too slowly");
        }
    }
}
