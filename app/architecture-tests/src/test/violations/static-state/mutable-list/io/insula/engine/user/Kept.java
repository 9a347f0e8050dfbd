package io.insula.engine.user;

import java.util.ArrayList;
import java.util.List;

final class Kept {
    static final List<String> ALL = new ArrayList<>();
}
