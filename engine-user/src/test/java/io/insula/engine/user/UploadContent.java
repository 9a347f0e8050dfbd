package io.insula.engine.user;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** UploadContent that comes when the test says so, as from a peer on a bad line. */
final class UploadContent extends InputStream {
    /** Stands for the end. */
    private static final byte[] NOTHING = new byte[0];

    private final BlockingQueue<Optional<byte[]>> coming = new LinkedBlockingQueue<>();
    private final AtomicInteger reads = new AtomicInteger();
    private int given;

    /** The bytes of a file, each of which tells its place. */
    static byte[] bytes(int from, int to) {
        byte[] bytes = new byte[to - from];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (31 * (from + i) + ((from + i) >> 8));
        }
        return bytes;
    }

    /** The same as a stream. */
    static InputStream of(int from, int to) {
        return new ByteArrayInputStream(bytes(from, to));
    }

    /** The same, and then the line breaks. */
    static InputStream broken(int from, int to) {
        UploadContent content = new UploadContent();
        content.coming.add(Optional.of(bytes(from, to)));
        content.breakOff();
        return content;
    }

    /** Gives some bytes, and waits until whoever reads has done with them and wants more. */
    void give(byte[] bytes) {
        coming.add(Optional.of(bytes.clone()));
        given++;
        Await.until("the bytes are taken", () -> reads.get() > given);
    }

    /** Gives some bytes, and waits for nobody. */
    void hand(byte[] bytes) {
        coming.add(Optional.of(bytes.clone()));
    }

    /** Waits until somebody reads. */
    void awaitReader() {
        Await.until("somebody reads", () -> reads.get() > 0);
    }

    void end() {
        coming.add(Optional.of(NOTHING));
    }

    /** Has reading fail. */
    void breakOff() {
        coming.add(Optional.empty());
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        reads.incrementAndGet();
        byte[] next = take().orElseThrow(() -> new IOException("gone"));
        if (next.length == 0) {
            return -1;
        }
        if (next.length > length) {
            throw new IOException("the test gives more than is asked for: " + next.length + " of " + length);
        }
        System.arraycopy(next, 0, buffer, offset, next.length);
        Arrays.fill(next, (byte) 0);
        return next.length;
    }

    private Optional<byte[]> take() throws IOException {
        try {
            return coming.take();
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    @Override
    public int read() throws IOException {
        throw new IOException("nobody reads byte by byte");
    }
}
