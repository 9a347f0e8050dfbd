package io.insula.engine.user;

import java.time.InstantSource;

final class Moments {
    static Object get() {
        return InstantSource.system();
    }
}
