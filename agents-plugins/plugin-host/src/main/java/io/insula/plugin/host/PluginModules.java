package io.insula.plugin.host;

import io.insula.agent.rules.Finding;
import io.insula.agent.rules.ModuleRules;
import io.insula.agent.rules.PlatformNames;
import io.insula.agent.rules.Rule;
import io.insula.agent.rules.Verdict;
import java.io.IOException;
import java.lang.module.Configuration;
import java.lang.module.FindException;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleDescriptor.Requires;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReference;
import java.lang.module.ResolutionException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The modules of one plugin, resolved against what it may see. None of its code has run.
 *
 * @param configuration all its modules
 * @param parents the layers of the plugins it needs; the platform's if it needs none
 */
record PluginModules(Configuration configuration, List<ModuleLayer> parents) {

    /** Resolves them, or says which rule they break. */
    static PluginModules resolve(StagedPlugin plugin, PluginDescription description, List<PluginVersion> dependencies)
            throws PluginProblem {
        try {
            var finder = ModuleFinder.of(plugin.jars().toArray(Path[]::new));
            var modules = finder.findAll().stream().map(ModuleReference::descriptor).toList();
            var verdict = check(modules, description,
                    dependencies.stream().map(PluginVersion::moduleName).collect(Collectors.toSet()));
            if (!verdict.accepted()) {
                throw PluginProblem.refused(verdict);
            }
            var parents = dependencies.isEmpty() ? List.of(PlatformModules.layer())
                    : dependencies.stream().map(PluginVersion::layer).toList();
            var configuration = Configuration.resolve(finder, parents.stream().map(ModuleLayer::configuration).toList(),
                    ModuleFinder.of(), names(modules));
            return new PluginModules(configuration, parents);
        } catch (FindException | ResolutionException e) {
            // The text is the JDK's, about names of modules and packages.
            throw PluginProblem.refused("Its modules do not fit together: " + e.getMessage());
        }
    }

    /**
     * Checks the modules before those of other plugins are known. What it lets pass because another plugin may bring it,
     * {@link #resolve} looks at again.
     */
    static Verdict check(StagedPlugin plugin, PluginDescription description) {
        try {
            var modules = ModuleFinder.of(plugin.jars().toArray(Path[]::new)).findAll().stream()
                    .map(ModuleReference::descriptor).toList();
            var needed = description.dependencies().isEmpty() ? Set.<String>of()
                    : modules.stream().flatMap(module -> module.requires().stream()).map(Requires::name)
                            .filter(name -> !PlatformNames.hasModule(name)).collect(Collectors.toSet());
            return check(modules, description, needed);
        } catch (FindException e) {
            return Verdict.of(Finding.ofFile(Rule.REQUIRED_MODULES,
                    "Its modules do not fit together: " + e.getMessage() + "."));
        }
    }

    private static Verdict check(List<ModuleDescriptor> modules, PluginDescription description, Set<String> needed) {
        if (ownModule(description).isAutomatic()) {
            return Verdict.of(Finding.ofFile(Rule.REQUIRED_MODULES, "Its jar has no module-info.class. A plugin is a"
                    + " named module that requires io.insula.agent."));
        }
        return ModuleRules.check(modules, needed);
    }

    /** The name of the plugin's own module. */
    static String nameOf(PluginDescription description) {
        return ownModule(description).name();
    }

    private static ModuleDescriptor ownModule(PluginDescription description) {
        return ModuleFinder.of(description.jar()).findAll().iterator().next().descriptor();
    }

    /** Defines the layer with one loader for all its modules. */
    PluginModuleLoader define(String pluginId) throws IOException, PluginProblem {
        try {
            return PluginModuleLoader.define(pluginId, this);
        } catch (LayerInstantiationException e) {
            throw PluginProblem.refused("Its modules do not fit into one layer: " + e.getMessage());
        }
    }

    private static Set<String> names(List<ModuleDescriptor> modules) {
        return modules.stream().map(ModuleDescriptor::name).collect(Collectors.toUnmodifiableSet());
    }
}
