package io.insula.plugin.host;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What became of one file in the plugins folder, or of one version that was loaded from it, for the operator. There are
 * several of one file when what it holds now is not what is loaded.
 *
 * @param file the file as the operator put it there
 * @param id the plugin's id, if its descriptor could be read
 * @param version the plugin's version, if its descriptor could be read
 * @param state whether it is loaded
 * @param agents the names of its agents, sorted; empty unless loaded
 * @param tools the names of its tools, sorted; empty unless loaded
 * @param runs how many times a run has hold of it now; 0 unless loaded
 * @param abandonedRuns how many runs of any version of the plugin ignore their stop; 0 unless loaded
 * @param problem why it is not loaded, or not as it should be, and what to do; at most 1,000 characters without line
 *     breaks, and without text of the plugin's exceptions
 */
public record PluginReport(Path file, Optional<String> id, Optional<String> version, PluginState state,
        List<String> agents, List<String> tools, int runs, int abandonedRuns, Optional<String> problem) {

    /** Copies the lists. */
    public PluginReport {
        agents = List.copyOf(agents);
        tools = List.copyOf(tools);
    }

    /** Of a file that is not loaded. */
    static PluginReport notLoaded(Path file, Optional<PluginDescription> description, PluginState state,
            String problem) {
        return new PluginReport(file, description.map(PluginDescription::id),
                description.map(PluginDescription::version), state, List.of(), List.of(), 0, 0, Optional.of(problem));
    }
}
