package io.insula.transport.websocket;

final class Pause {
    static void pause() throws InterruptedException {
        Thread.sleep(1);
    }
}
