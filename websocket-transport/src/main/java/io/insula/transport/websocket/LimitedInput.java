package io.insula.transport.websocket;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** Ends after so many bytes, and knows then whether that was too early. Confined to one thread. */
final class LimitedInput extends FilterInputStream {
    private long left;
    private boolean exceeded;

    LimitedInput(InputStream source, long mostBytes) {
        super(source);
        left = mostBytes;
    }

    /** Whether there was more than may be read. */
    boolean isExceeded() {
        return exceeded;
    }

    @Override
    public int read() throws IOException {
        int value = super.read();
        return value < 0 || !fits(1) ? -1 : value;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        // One byte more than fits, so that the limit itself is not too much.
        int count = super.read(buffer, offset, (int) Math.min(length, left + 1));
        return count < 0 || !fits(count) ? -1 : count;
    }

    private boolean fits(int count) {
        exceeded |= count > left;
        left = Math.max(0, left - count);
        return !exceeded;
    }
}
