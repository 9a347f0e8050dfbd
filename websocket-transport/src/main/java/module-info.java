/** Serves the engine of a user over WebSocket and HTTP. */
@org.jspecify.annotations.NullMarked
module io.insula.transport.websocket {
    requires io.insula.engine.api;
    requires com.google.guice;
    requires com.google.common;
    requires jakarta.inject;
    requires org.eclipse.jetty.websocket.core.server;
    requires com.nimbusds.jose.jwt;
    requires tools.jackson.databind;
    requires org.slf4j;
    requires static org.jspecify;
}
