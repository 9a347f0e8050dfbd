/**
 * Loads plugins, each in a module layer and an injector of its own, and makes their agents and tools.
 *
 * <p>Written for {@code io.insula.app}, which makes the one {@link io.insula.plugin.host.PluginHost} and hands it on as
 * the catalogue of agents. It lives in the engine layer, out of sight of the plugins it loads.
 */
@SuppressWarnings("module") // the module it is exported to is built after it
@org.jspecify.annotations.NullMarked
module io.insula.plugin.host {
    requires transitive io.insula.agent.hosting;
    requires transitive io.insula.agent.rules;
    requires pf4j;
    requires com.google.guice;
    requires com.google.common;
    requires jakarta.inject;
    requires tools.jackson.core;
    requires org.slf4j;
    requires static org.jspecify;

    exports io.insula.plugin.host to
            io.insula.app;
}
