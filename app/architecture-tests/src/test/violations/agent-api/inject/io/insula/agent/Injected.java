package io.insula.agent;

final class Injected {
    @jakarta.inject.Inject
    Injected() {}
}
