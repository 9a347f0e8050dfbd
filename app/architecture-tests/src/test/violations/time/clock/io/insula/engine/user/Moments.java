package io.insula.engine.user;

import java.time.Clock;

final class Moments {
    static Object get() {
        return Clock.systemUTC();
    }
}
