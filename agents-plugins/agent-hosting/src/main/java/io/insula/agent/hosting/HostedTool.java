package io.insula.agent.hosting;

import io.insula.agent.Tool;
import io.insula.agent.ToolDescription;

/** A tool of a plugin, for the time of its {@link AgentLease}. */
public interface HostedTool {
    /** Name, summary, effect, schema. */
    ToolDescription description();

    /** The record that the tool takes. */
    Class<? extends Record> inputType();

    /** The record that the tool gives. */
    Class<? extends Record> outputType();

    /**
     * Makes the tool for one call by the plugin's injector. Runs code of the plugin in the calling thread.
     *
     * @throws PluginFaultException if the plugin's code threw
     */
    Tool<?, ?> newTool() throws PluginFaultException;
}
