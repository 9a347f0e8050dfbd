package io.insula.transport.websocket;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Puts the frames of a message together. Belongs to the thread that handles the connection's frames. */
final class MessageAssembly {
    /** What came of a frame. */
    sealed interface Step {
        /** The message goes on. */
        record More() implements Step {}

        /** The message is whole. */
        record Whole(String text) implements Step {}

        /** The connection cannot go on. */
        record Broken(CloseReason why) implements Step {}
    }

    private static final byte[] NOTHING = new byte[0];

    private final int messageBytes;
    private final int maxFragments;
    private byte[] collected = NOTHING;
    private int collectedBytes;
    private int fragments;

    MessageAssembly(TransportLimits.Messages limits) {
        messageBytes = limits.messageBytes();
        maxFragments = limits.fragments();
    }

    Step add(ByteBuffer payload, boolean last) {
        if (payload.remaining() > messageBytes - collectedBytes) {
            return new Step.Broken(CloseReason.TOO_BIG);
        }
        fragments++;
        if (fragments > maxFragments) {
            return new Step.Broken(CloseReason.TOO_BIG);
        }
        if (last && collectedBytes == 0) {
            fragments = 0;
            return decode(payload);
        }
        collect(payload);
        if (!last) {
            return new Step.More();
        }
        ByteBuffer whole = ByteBuffer.wrap(collected, 0, collectedBytes);
        collected = NOTHING;
        collectedBytes = 0;
        fragments = 0;
        return decode(whole);
    }

    private void collect(ByteBuffer payload) {
        int needed = collectedBytes + payload.remaining();
        if (needed > collected.length) {
            collected = Arrays.copyOf(collected, Math.min(messageBytes, Math.max(needed, 2 * collected.length)));
        }
        int length = payload.remaining();
        payload.get(collected, collectedBytes, length);
        collectedBytes += length;
    }

    private static Step decode(ByteBuffer utf8) {
        CharsetDecoder decoder = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        try {
            return new Step.Whole(decoder.decode(utf8).toString());
        } catch (CharacterCodingException e) {
            return new Step.Broken(CloseReason.INVALID_TEXT);
        }
    }
}
