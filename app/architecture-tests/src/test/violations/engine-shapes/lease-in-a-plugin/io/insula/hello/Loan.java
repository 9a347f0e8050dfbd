package io.insula.hello;

import io.insula.engine.api.UserExecutionEngine;

final class Loan {
    abstract static class Paper implements UserExecutionEngine.Lease {}
}
