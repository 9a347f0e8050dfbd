package io.insula.engine.api;

public interface UserDoor {
    void open();
}
