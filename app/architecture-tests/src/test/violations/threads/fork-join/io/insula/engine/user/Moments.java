package io.insula.engine.user;

import java.util.concurrent.ForkJoinPool;

final class Moments {
    static Object get() {
        return ForkJoinPool.commonPool();
    }
}
