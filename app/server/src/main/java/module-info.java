/** Puts the parts together and offers the commands of Insula. */
@org.jspecify.annotations.NullMarked
module io.insula.app {
    requires io.insula.engine.user;
    requires io.insula.plugin.host;
    requires io.insula.transport.websocket;
    requires info.picocli;
    requires org.slf4j;
    requires static org.jspecify;
    exports io.insula.app;
}
