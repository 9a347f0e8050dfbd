package io.insula.engine.api;

public sealed interface Sum {
    final class Acting implements Sum {}
}
