package io.insula.engine.user;

import java.util.ArrayList;
import java.util.List;

final class Kept {
    static final List<String> ALL = all();

    private static List<String> all() {
        return new ArrayList<>(List.of("a"));
    }
}
