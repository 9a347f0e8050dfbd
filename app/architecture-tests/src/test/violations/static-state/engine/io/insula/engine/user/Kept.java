package io.insula.engine.user;

import io.insula.engine.api.UserExecutionEngine;

final class Kept {
    static final UserExecutionEngine.Directory ALL = null;
}
