package io.insula.plugin.host;

final class Moments {
    static Object get() {
        return System.nanoTime();
    }
}
