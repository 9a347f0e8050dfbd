package io.insula.engine.user;

import java.util.Timer;

final class Moments {
    static Object get() {
        return new Timer();
    }
}
