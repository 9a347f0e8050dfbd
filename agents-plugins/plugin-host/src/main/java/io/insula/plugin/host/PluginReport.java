package io.insula.plugin.host;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What became of one file in the plugins folder, for the operator.
 *
 * @param file the file as the operator put it there
 * @param id the plugin's id, if its descriptor could be read
 * @param version the plugin's version, if its descriptor could be read
 * @param state whether it is loaded
 * @param agents the names of its agents, sorted; empty unless started
 * @param tools the names of its tools, sorted; empty unless started
 * @param problem why it is not loaded and what to do; at most 1,000 characters without line breaks, and without text
 *     of the plugin's exceptions; empty if started
 */
public record PluginReport(Path file, Optional<String> id, Optional<String> version, PluginState state,
        List<String> agents, List<String> tools, Optional<String> problem) {

    /** Copies the lists. */
    public PluginReport {
        agents = List.copyOf(agents);
        tools = List.copyOf(tools);
    }
}
