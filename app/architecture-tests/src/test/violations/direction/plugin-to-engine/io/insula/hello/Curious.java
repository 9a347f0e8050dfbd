package io.insula.hello;

import io.insula.engine.api.UserExecutionEngine;

final class Curious {
    UserExecutionEngine[] engines;
}
