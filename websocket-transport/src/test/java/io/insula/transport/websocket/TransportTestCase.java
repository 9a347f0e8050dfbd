package io.insula.transport.websocket;

import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** Has a transport of its own for each test, to which nobody may be left connected at the end. */
abstract class TransportTestCase {
    RunningTransport running;

    @BeforeEach
    void start() throws IOException {
        running = new RunningTransport();
    }

    @AfterEach
    void stop() {
        running.awaitEmpty();
        running.close();
    }
}
