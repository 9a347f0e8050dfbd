package io.insula.transport.websocket;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;

/** Looks for input that what reads it cannot stand; what was found stays in the corpus, which every build tries. */
class TransportFuzzTest {
    private static final String LONGEST = "10m";

    private final MessageTarget messages = new MessageTarget();
    private final TokenTarget tokens = new TokenTarget();

    @FuzzTest(maxDuration = LONGEST)
    void frames(byte[] data) {
        FrameTarget.run(data);
    }

    @FuzzTest(maxDuration = LONGEST)
    void messages(byte[] data) throws IOException {
        messages.run(data);
    }

    @FuzzTest(maxDuration = LONGEST)
    void tokens(byte[] data) {
        tokens.run(data);
    }
}
