package io.insula.transport.websocket;

final class Moments {
    static Object get() {
        return System.currentTimeMillis();
    }
}
