package io.insula.plugin.host;

import io.insula.engine.api.UserExecutionEngine;

final class Curious {
    boolean is(Object object) {
        return object instanceof UserExecutionEngine;
    }
}
