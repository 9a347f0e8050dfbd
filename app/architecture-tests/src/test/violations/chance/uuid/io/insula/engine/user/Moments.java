package io.insula.engine.user;

import java.util.UUID;

final class Moments {
    static Object get() {
        return UUID.randomUUID();
    }
}
