package io.insula.transport.websocket;

import com.google.inject.AbstractModule;

final class OtherModule extends AbstractModule {}
