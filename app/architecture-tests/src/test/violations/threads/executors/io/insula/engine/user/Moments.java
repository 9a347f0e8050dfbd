package io.insula.engine.user;

import java.util.concurrent.Executors;

final class Moments {
    static Object get() {
        return Executors.newCachedThreadPool();
    }
}
