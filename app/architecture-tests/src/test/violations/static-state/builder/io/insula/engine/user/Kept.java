package io.insula.engine.user;

final class Kept {
    static final StringBuilder TEXT = new StringBuilder();
}
