package io.insula.engine.user;

import java.util.UUID;
import java.util.random.RandomGenerator;

/** Makes ids that nobody can guess. */
final class Identity {
    private final RandomGenerator random;

    Identity(RandomGenerator random) {
        this.random = random;
    }

    /** A new id of 32 hexadecimal digits. */
    String next() {
        return new UUID(random.nextLong(), random.nextLong()).toString().replace("-", "");
    }
}
