package io.insula.engine.user;

import java.util.concurrent.ScheduledThreadPoolExecutor;

final class Moments {
    static Object get() {
        return new ScheduledThreadPoolExecutor(1);
    }
}
