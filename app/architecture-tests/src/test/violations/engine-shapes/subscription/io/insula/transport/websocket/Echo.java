package io.insula.transport.websocket;

import io.insula.engine.api.EventSubscription;

abstract class Echo implements EventSubscription {}
