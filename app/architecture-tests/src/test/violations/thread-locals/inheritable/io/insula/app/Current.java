package io.insula.app;

final class Current {
    private final InheritableThreadLocal<String> user = new InheritableThreadLocal<>();
}
