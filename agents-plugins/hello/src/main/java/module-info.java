/**
 * The smallest honest plugin: one agent, which greets.
 *
 * <p>Written to be read by authors of plugins. A plugin is a named module that requires {@code io.insula.agent}; the
 * annotations of PF4J are needed by the compiler alone. Nothing is exported and nothing opened: the platform opens the
 * plugin to itself when it loads it.
 */
@org.jspecify.annotations.NullMarked
module io.insula.hello {
    requires io.insula.agent;
    requires static pf4j;
    requires static org.jspecify;
}
