package io.insula.engine.user;

import io.insula.engine.api.UserExecutionEngine;

abstract class FirstRoom implements UserExecutionEngine {}
