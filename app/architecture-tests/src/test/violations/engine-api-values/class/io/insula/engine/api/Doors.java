package io.insula.engine.api;

public final class Doors {
    private Doors() {}

    public static void open() {}
}
