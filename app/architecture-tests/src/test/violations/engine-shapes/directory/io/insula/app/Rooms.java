package io.insula.app;

import io.insula.engine.api.UserExecutionEngine;

abstract class Rooms implements UserExecutionEngine.Directory {}
