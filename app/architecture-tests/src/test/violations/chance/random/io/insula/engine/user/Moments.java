package io.insula.engine.user;

import java.util.Random;

final class Moments {
    static Object get() {
        return new Random();
    }
}
