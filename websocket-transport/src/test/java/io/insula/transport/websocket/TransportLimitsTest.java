package io.insula.transport.websocket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class TransportLimitsTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    @Test
    void limitsThatMakeNoSenseAreRefused() {
        assertThrows(
                IllegalArgumentException.class, () -> new TransportLimits.Connections(0, 1, 1, 1, 1, 1));
        assertThrows(
                IllegalArgumentException.class,
                () -> new TransportLimits.Messages(1, 1, 1, 1_000_001, 1, 1));
        assertThrows(
                IllegalArgumentException.class,
                () -> new TransportLimits.Times(SECOND, SECOND, SECOND, SECOND, SECOND));
        assertThrows(IllegalArgumentException.class, () -> new TransportLimits.Http(1, 1, 5, 1, 1, 8, 1, 1));
        assertThrows(IllegalArgumentException.class, () -> new TransportLimits.Http(1, 1, 1, 1, 1, 7, 1, 1));
    }

    @Test
    void aBucketGivesItsBurstAndThenWhatTimeBrings() {
        var bucket = new TokenBucket(60, 2, 0);
        assertEquals(Duration.ZERO, bucket.take(0));
        assertEquals(Duration.ZERO, bucket.take(0));
        assertEquals(SECOND, bucket.take(0));
        assertEquals(Duration.ofNanos(1), bucket.take(SECOND.toNanos() - 1));
        assertEquals(Duration.ZERO, bucket.take(SECOND.toNanos()));
        assertEquals(SECOND, bucket.take(SECOND.toNanos()));
        assertEquals(Duration.ZERO, bucket.take(SECOND.toNanos() * 100));
        assertEquals(Duration.ZERO, bucket.take(SECOND.toNanos() * 100));
        assertEquals(SECOND, bucket.take(SECOND.toNanos() * 100));
    }

    @Test
    void anUploadThatBringsTooLittleFailsAfterItsGrace() throws IOException {
        var now = new AtomicLong();
        try (var input = new PacedInput(new ByteArrayInputStream(new byte[100]), 10, SECOND, now::get)) {
            assertEquals(10, input.read(new byte[10]));
            now.set(SECOND.toNanos() * 3);
            assertEquals(10, input.read(new byte[10]));
            now.set(SECOND.toNanos() * 5);
            assertThrows(IOException.class, () -> input.read(new byte[10]));
        }
    }
}
