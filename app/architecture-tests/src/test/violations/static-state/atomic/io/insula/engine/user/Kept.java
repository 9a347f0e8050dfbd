package io.insula.engine.user;

import java.util.concurrent.atomic.AtomicLong;

final class Kept {
    static final AtomicLong NEXT = new AtomicLong();
}
