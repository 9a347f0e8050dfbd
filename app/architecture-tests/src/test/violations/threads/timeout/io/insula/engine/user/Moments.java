package io.insula.engine.user;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

final class Moments {
    static Object get() {
        return new CompletableFuture<String>().orTimeout(1, TimeUnit.SECONDS);
    }
}
