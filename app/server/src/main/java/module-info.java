/** Puts the parts together and offers the commands of Insula. It exports nothing: the launcher alone calls it. */
@org.jspecify.annotations.NullMarked
module io.insula.app {
    requires com.google.common;
    requires com.google.guice;
    requires com.nimbusds.jose.jwt;
    requires info.picocli;
    requires io.insula.agent;
    requires io.insula.agent.hosting;
    requires io.insula.engine.api;
    requires io.insula.engine.user;
    requires io.insula.plugin.host;
    requires io.insula.transport.websocket;
    requires java.management;
    requires java.net.http;
    requires jdk.unsupported;
    requires org.slf4j;
    requires tools.jackson.databind;
    requires static org.jspecify;
}
