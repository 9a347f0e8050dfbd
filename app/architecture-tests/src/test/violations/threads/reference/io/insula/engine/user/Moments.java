package io.insula.engine.user;

import java.util.function.Function;

final class Moments {
    static Object get() {
        return (Function<Runnable, Thread>) Thread::startVirtualThread;
    }
}
