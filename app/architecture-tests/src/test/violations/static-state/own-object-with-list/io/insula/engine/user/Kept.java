package io.insula.engine.user;

import java.util.ArrayList;
import java.util.List;

final class Kept {
    static final Kept ONE = new Kept();

    private final List<String> all = new ArrayList<>();
}
