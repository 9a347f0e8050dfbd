package io.insula.engine.user;

import io.insula.engine.api.UserExecutionEngine;

final class Rooms {
    abstract static class First implements UserExecutionEngine {}

    abstract static class Second implements UserExecutionEngine {}
}
