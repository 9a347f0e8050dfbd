package io.insula.engine.user;

import java.util.concurrent.ThreadLocalRandom;

final class Moments {
    static Object get() {
        return ThreadLocalRandom.current();
    }
}
