/**
 * What the author of a plugin sees: agents, tools and the context they work in.
 *
 * <p>Written for plugin authors. It depends on nothing but annotations, and nothing in it leads to an engine: an agent
 * meets the platform through its {@link io.insula.agent.AgentContext} alone.
 */
@org.jspecify.annotations.NullMarked
module io.insula.agent {
    requires static transitive org.jspecify;

    exports io.insula.agent;
}
