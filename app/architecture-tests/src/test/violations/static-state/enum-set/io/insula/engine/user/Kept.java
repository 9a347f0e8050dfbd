package io.insula.engine.user;

import java.util.EnumSet;
import java.util.Set;

final class Kept {
    static final Set<Thread.State> ALL = EnumSet.noneOf(Thread.State.class);
}
