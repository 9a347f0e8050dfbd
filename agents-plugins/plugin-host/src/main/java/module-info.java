/** Loads plugins, each in a layer and an injector of its own, and makes their agents. */
@org.jspecify.annotations.NullMarked
module io.insula.plugin.host {
    requires io.insula.agent.hosting;
    requires pf4j;
    requires com.google.guice;
    requires com.google.common;
    requires jakarta.inject;
    requires tools.jackson.databind;
    requires org.slf4j;
    requires static org.jspecify;
}
