package io.insula.agent.rules;

import java.nio.file.Path;
import java.util.List;

/**
 * The files of one plugin: jars, or folders of compiled classes.
 *
 * @param own the plugin's own module, held to every rule
 * @param libraries what it brings beside, held to the shorter list
 */
public record PluginFiles(Path own, List<Path> libraries) {
    /** Copies the list. */
    public PluginFiles {
        libraries = List.copyOf(libraries);
    }
}
