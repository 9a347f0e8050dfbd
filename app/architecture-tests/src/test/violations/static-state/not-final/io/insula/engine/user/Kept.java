package io.insula.engine.user;

final class Kept {
    private static String last = "";
}
