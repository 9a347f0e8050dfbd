package io.insula.engine.user;

final class Moments {
    static Object get() {
        return new Thread(() -> {});
    }
}
