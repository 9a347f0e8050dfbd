package io.insula.engine.user;

final class Kept {
    static final Kept ONE = new Kept();

    private int count;
}
