package io.insula.engine.user;

import io.insula.engine.api.UserExecutionEngine;

abstract class RoomEngine implements UserExecutionEngine {}
