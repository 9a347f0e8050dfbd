/**
 * Serves the engine of a user over WebSocket and HTTP, for the composition root to start.
 *
 * <p>A connection gets its user's engine at the door and holds it until it ends: nothing here looks an engine up for a
 * message, and nothing in a message can name a user.
 */
@SuppressWarnings("module") // the module it is exported to is built after it
@org.jspecify.annotations.NullMarked
module io.insula.transport.websocket {
    requires static org.jspecify;
    requires transitive io.insula.engine.api;
    requires transitive com.nimbusds.jose.jwt;
    requires java.net.http;
    requires org.eclipse.jetty.websocket.core.server;
    requires tools.jackson.core;
    requires org.slf4j;

    exports io.insula.transport.websocket to
            io.insula.app;
}
