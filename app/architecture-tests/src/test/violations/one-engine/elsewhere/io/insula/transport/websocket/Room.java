package io.insula.transport.websocket;

import io.insula.engine.api.UserExecutionEngine;

abstract class Room implements UserExecutionEngine {}
