package io.insula.plugin.host;

import java.io.IOException;
import java.lang.module.Configuration;
import java.lang.module.FindException;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleDescriptor.Requires;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReference;
import java.lang.module.ResolutionException;
import java.nio.file.Path;
import java.util.HashSet;
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
            if (ownModule(description).isAutomatic()) {
                throw PluginProblem.refused("Its jar has no module-info.class. A plugin is a named module that requires"
                        + " io.insula.agent.");
            }
            var finder = ModuleFinder.of(plugin.jars().toArray(Path[]::new));
            var modules = finder.findAll().stream().map(ModuleReference::descriptor).toList();
            checkModules(modules, dependencies);
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

    private static void checkModules(List<ModuleDescriptor> modules, List<PluginVersion> dependencies)
            throws PluginProblem {
        var allowed = new HashSet<>(PlatformModules.VISIBLE);
        modules.forEach(module -> allowed.add(module.name()));
        dependencies.forEach(dependency -> allowed.add(dependency.moduleName()));
        for (var module : modules) {
            checkBundled(module);
            for (var required : module.requires()) {
                var atRunTime = !required.modifiers().contains(Requires.Modifier.STATIC);
                if (atRunTime && !allowed.contains(required.name())) {
                    throw PluginProblem.refused("Its module " + module.name() + " requires " + required.name()
                            + ", which plugins may not use. They may require " + PlatformModules.visibleNames()
                            + ", modules they bring, and those of plugins in Plugin-Dependencies.");
                }
            }
        }
    }

    private static void checkBundled(ModuleDescriptor module) throws PluginProblem {
        var name = module.name();
        if (PlatformModules.has(name)) {
            throw PluginProblem.refused("It brings the module " + name + ", which is the platform's."
                    + " Leave it out of the archive: in Maven, give that dependency the scope provided.");
        }
        for (var packageName : module.packages()) {
            if (PlatformModules.owns(packageName)) {
                throw PluginProblem.refused("Its module " + name + " brings the package " + packageName
                        + ", which is the platform's. Leave it out of the archive: in Maven, give that dependency the"
                        + " scope provided.");
            }
        }
    }

    private static Set<String> names(List<ModuleDescriptor> modules) {
        return modules.stream().map(ModuleDescriptor::name).collect(Collectors.toUnmodifiableSet());
    }
}
