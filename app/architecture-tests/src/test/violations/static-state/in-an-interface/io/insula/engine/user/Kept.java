package io.insula.engine.user;

import java.util.ArrayList;
import java.util.List;

final class Kept {
    interface Names {
        List<String> ALL = new ArrayList<>();
    }
}
