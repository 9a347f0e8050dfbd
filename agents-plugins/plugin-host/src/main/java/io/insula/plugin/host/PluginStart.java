package io.insula.plugin.host;

import com.google.inject.Guice;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Makes a version out of a candidate. Runs code of the plugin in the calling thread, which may never come back, so it is
 * called under supervision; what it began is closed again when it throws.
 *
 * @param candidate the plugin, whose copy is held once for the version to be made
 * @param needs the versions that it needs, none of which is being closed
 * @param limits how much the plugin may ask
 * @param end unloads the version when nobody holds it any more
 */
record PluginStart(PluginCandidate candidate, List<PluginVersion> needs, PluginLimits limits,
        Consumer<PluginVersion> end) {

    /**
     * The versions that a plugin needs out of those there are, in the order in which it names them.
     *
     * @throws PluginProblem if one is missing, or of a version that the plugin cannot use
     */
    static List<PluginVersion> needs(PluginDescription description, Map<String, PluginVersion> there)
            throws PluginProblem {
        var needs = new ArrayList<PluginVersion>();
        for (var dependency : description.dependencies()) {
            var version = there.get(dependency.getPluginId());
            if (version == null && !dependency.isOptional()) {
                throw PluginProblem.waiting("It needs the plugin " + dependency.getPluginId()
                        + ", which is not loaded. Put it into the plugins folder, or see what is said of it.");
            }
            if (version == null) {
                continue;
            }
            var found = version.description().version();
            if (!PluginDescription.isInRange(found, dependency.getPluginVersionSupport())) {
                throw PluginProblem.refused("It needs the plugin " + dependency.getPluginId() + " in version "
                        + dependency.getPluginVersionSupport() + "; version " + found + " is loaded.");
            }
            needs.add(version);
        }
        return List.copyOf(needs);
    }

    PluginVersion run() throws Exception {
        try {
            return hold();
        } catch (Exception | Error e) {
            candidate.staged().discard();
            throw e;
        }
    }

    private PluginVersion hold() throws Exception {
        var held = new ArrayList<PluginVersion>();
        try {
            for (var version : needs) {
                if (!version.hold()) {
                    throw PluginProblem.waiting("It needs the plugin " + version.id() + ", which is being closed.");
                }
                held.add(version);
            }
            return define();
        } catch (Exception | Error e) {
            held.forEach(PluginVersion::release);
            throw e;
        }
    }

    private PluginVersion define() throws Exception {
        var description = candidate.description();
        var loader = PluginModules.resolve(candidate.staged(), description, needs).define(description.id());
        try {
            return start(loader);
        } catch (Exception | Error e) {
            PluginVersion.close(loader, List.of());
            throw e;
        }
    }

    private PluginVersion start(PluginModuleLoader loader) throws Exception {
        Thread.currentThread().setContextClassLoader(loader); // the thread is made for this and ends with it
        for (var module : loader.layer().modules()) {
            loader.open(module, Guice.class.getModule());
            loader.open(module, PluginStart.class.getModule());
        }
        var description = candidate.description();
        var ownModule = loader.layer().findModule(PluginModules.nameOf(description)).orElseThrow();
        var codec = new JsonRecordCodec(description.id(), limits);
        var contents = PluginContents.read(description, loader, ownModule, codec, limits);
        var injector = PluginInjector.create(contents, loader);
        return new PluginVersion(
                new PluginVersion.Parts(candidate, loader, ownModule, contents, injector, codec, needs), end);
    }
}
