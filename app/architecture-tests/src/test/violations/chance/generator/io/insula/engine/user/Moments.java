package io.insula.engine.user;

import java.util.random.RandomGenerator;

final class Moments {
    static Object get() {
        return RandomGenerator.getDefault();
    }
}
