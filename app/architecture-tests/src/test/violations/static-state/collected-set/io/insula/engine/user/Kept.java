package io.insula.engine.user;

import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

final class Kept {
    static final Set<String> ALL = Stream.of("a").collect(Collectors.toSet());
}
