package io.insula.engine.user;

import java.security.SecureRandom;

final class Moments {
    static Object get() {
        return new SecureRandom();
    }
}
