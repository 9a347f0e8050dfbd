package io.insula.engine.user;

import io.insula.engine.api.UserExecutionEngine;

public abstract class Room implements UserExecutionEngine {}
