package io.insula.agent.hosting;

import io.insula.agent.Agent;
import io.insula.agent.ToolDescription;
import java.util.List;
import java.util.Optional;

/**
 * A hold on one version of one agent, for one run.
 *
 * <p>Safe for any number of threads, until closed; then every method but {@link #close} throws
 * {@link IllegalStateException}.
 */
public interface AgentLease extends AutoCloseable {
    /** The agent held. */
    HostedAgent agent();

    /** The class loader to be the context class loader while code of the plugin is called. */
    ClassLoader loader();

    /**
     * Makes an agent for one run by the plugin's injector. Runs code of the plugin in the calling thread.
     *
     * @throws PluginFaultException if the plugin's code threw
     */
    Agent newAgent() throws PluginFaultException;

    /** The tools of the plugin, sorted by name. */
    List<ToolDescription> tools();

    /** The tool of this name. */
    Optional<HostedTool> tool(String name);

    /** The tool of this class. */
    Optional<HostedTool> tool(Class<?> type);

    /** Maps records of the plugin, and of the author's interface, to JSON and back. */
    RecordCodec records();

    /** Gives the version back; later calls do nothing. */
    @Override
    void close();
}
