package io.insula.engine.api;

import io.insula.engine.user.EngineLimits;

final class Limits {
    EngineLimits limits() {
        return EngineLimits.defaults();
    }
}
