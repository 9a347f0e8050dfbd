package io.insula.engine.user;

final class Kept {
    static final byte[] BYTES = {1};
}
