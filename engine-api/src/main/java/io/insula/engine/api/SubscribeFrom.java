package io.insula.engine.api;

/** Where a subscription begins. */
public sealed interface SubscribeFrom {
    /** With the oldest event kept. */
    record Start() implements SubscribeFrom {}

    /** With what happens from now on. */
    record Now() implements SubscribeFrom {}

    /** Behind a position seen before. */
    record After(Position position) implements SubscribeFrom {}
}
