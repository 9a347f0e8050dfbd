package io.insula.engine.user;

import java.util.Date;

final class Moments {
    static Object get() {
        return new Date();
    }
}
