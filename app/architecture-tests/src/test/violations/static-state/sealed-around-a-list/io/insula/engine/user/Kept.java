package io.insula.engine.user;

import java.util.ArrayList;
import java.util.List;

sealed interface Kept {
    Kept ONE = new Some();

    final class Some implements Kept {
        private final List<String> all = new ArrayList<>();
    }
}
