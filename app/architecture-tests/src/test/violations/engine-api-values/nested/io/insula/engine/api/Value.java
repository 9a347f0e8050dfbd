package io.insula.engine.api;

public record Value() {
    interface Listener {
        void event();
    }
}
