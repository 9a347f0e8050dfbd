package io.insula.plugin.host;

import com.google.inject.Guice;
import io.insula.agent.hosting.HostedAgent;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Makes a version out of a checked copy. Runs code of the plugin in the calling thread, which may never come back, so it
 * is called under supervision; what it began is closed again when it throws, but for the copy.
 *
 * @param staged the copy
 * @param description what the plugin says of itself
 * @param started the plugins started so far, by id
 * @param takenAgents the names of agents that are taken, and by which plugin
 * @param limits how much the plugin may ask
 */
record PluginStart(StagedPlugin staged, PluginDescription description, Map<String, PluginVersion> started,
        Map<String, HostedAgent> takenAgents, PluginLimits limits) {

    PluginVersion run() throws Exception {
        var dependencies = holdDependencies();
        PluginModuleLoader loader;
        try {
            loader = PluginModules.resolve(staged, description, dependencies).define(description.id());
        } catch (Exception | Error e) {
            dependencies.forEach(PluginVersion::release);
            throw e;
        }
        try {
            return start(loader, dependencies);
        } catch (Exception | Error e) {
            PluginVersion.close(loader, dependencies);
            throw e;
        }
    }

    private PluginVersion start(PluginModuleLoader loader, List<PluginVersion> dependencies) throws Exception {
        Thread.currentThread().setContextClassLoader(loader); // the thread is made for this and ends with it
        for (var module : loader.layer().modules()) {
            loader.open(module, Guice.class.getModule());
            loader.open(module, PluginStart.class.getModule());
        }
        var ownModule = loader.layer().findModule(PluginModules.nameOf(description)).orElseThrow();
        var codec = new JsonRecordCodec(description.id(), limits);
        var contents = PluginContents.read(description, loader, ownModule, codec, limits);
        for (var name : contents.agents().keySet()) {
            var other = takenAgents.get(name);
            if (other != null) {
                throw PluginProblem.refused("Its agent \"" + name + "\" has the name of an agent of plugin "
                        + other.plugin() + ". Rename one of them.");
            }
        }
        var injector = PluginInjector.create(contents, loader);
        return new PluginVersion(
                new PluginVersion.Parts(staged, description, loader, ownModule, contents, injector, codec,
                        dependencies));
    }

    private List<PluginVersion> holdDependencies() throws PluginProblem {
        var held = new ArrayList<PluginVersion>();
        try {
            for (var dependency : description.dependencies()) {
                var version = started.get(dependency.getPluginId());
                if (version == null && !dependency.isOptional()) {
                    throw PluginProblem.refused("It needs the plugin " + dependency.getPluginId()
                            + ", which is not loaded. Put it into the plugins folder, or see what is said of it.");
                }
                if (version == null) {
                    continue;
                }
                var there = version.parts().description().version();
                if (!PluginDescription.isInRange(there, dependency.getPluginVersionSupport())) {
                    throw PluginProblem.refused("It needs the plugin " + dependency.getPluginId() + " in version "
                            + dependency.getPluginVersionSupport() + "; version " + there + " is loaded.");
                }
                if (!version.hold()) {
                    throw PluginProblem
                            .refused("It needs the plugin " + dependency.getPluginId() + ", which is being closed.");
                }
                held.add(version);
            }
            return List.copyOf(held);
        } catch (PluginProblem | RuntimeException e) {
            held.forEach(PluginVersion::release);
            throw e;
        }
    }
}
