package io.insula.transport.websocket;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Frames of any size in any number are put together to what was sent, or refused where a limit says so. */
final class FrameTarget {
    private static final int MOST_BYTES = 64;
    private static final int MOST_FRAGMENTS = 8;

    private FrameTarget() {}

    /** Each frame is written as a byte of which the lowest bit says whether it is the last, its length, and itself. */
    static void run(byte[] data) {
        var assembly = new MessageAssembly(
                new TransportLimits.Messages(MOST_BYTES, MOST_FRAGMENTS, 1, 1, 1, 1));
        var sent = new ByteArrayOutputStream();
        int fragments = 0;
        ByteBuffer frames = ByteBuffer.wrap(data);
        while (frames.remaining() > 1) {
            boolean last = (frames.get() & 1) != 0;
            int length = Math.floorMod(frames.get(), MOST_BYTES + 2);
            byte[] payload = new byte[Math.min(frames.remaining(), length)];
            frames.get(payload);
            sent.writeBytes(payload);
            fragments++;
            MessageAssembly.Step step = assembly.add(ByteBuffer.wrap(payload), last);
            assertEquals(expected(sent.toByteArray(), fragments, last), step);
            if (step instanceof MessageAssembly.Step.Broken) {
                return;
            }
            if (last) {
                sent.reset();
                fragments = 0;
            }
        }
    }

    private static MessageAssembly.Step expected(byte[] sent, int fragments, boolean last) {
        if (sent.length > MOST_BYTES || fragments > MOST_FRAGMENTS) {
            return new MessageAssembly.Step.Broken(CloseReason.TOO_BIG);
        }
        if (!last) {
            return new MessageAssembly.Step.More();
        }
        try {
            return new MessageAssembly.Step.Whole(
                    StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(sent)).toString());
        } catch (CharacterCodingException e) {
            return new MessageAssembly.Step.Broken(CloseReason.INVALID_TEXT);
        }
    }
}
