package io.insula.engine.user;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

final class Kept {
    static final Map<String, String> ALL = new ConcurrentHashMap<>();
}
