package io.insula.engine.user;

import java.util.concurrent.ConcurrentHashMap;

final class Kept {
    static final ConcurrentHashMap<String, String> ALL = new ConcurrentHashMap<>();
}
