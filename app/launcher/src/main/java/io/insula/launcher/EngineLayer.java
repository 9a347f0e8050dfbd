package io.insula.launcher;

import static java.util.Objects.requireNonNull;

import java.lang.module.FindException;
import java.lang.module.ModuleFinder;
import java.lang.module.ResolutionException;
import java.lang.reflect.InvocationTargetException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/**
 * The layer of everything that plugins must not see: engine, transport, plugin host and their libraries.
 *
 * <p>It is a child of the boot layer and has one class loader of its own. The boot layer's loaders do not know it, so
 * code of the boot layer, and of plugin layers beside this one, finds none of its classes by name.
 */
final class EngineLayer {
    private static final String MODULE = "io.insula.app";
    private static final String PACKAGE = "io.insula.app";
    private static final String MAIN_CLASS = PACKAGE + ".Main";
    // The only library of ours that calls native code, and only where it is installed.
    private static final String NATIVE_MODULE = "org.xerial.sqlitejdbc";

    private final Module application;

    private EngineLayer(Module application) {
        this.application = application;
    }

    /**
     * Resolves and defines the layer; none of its code has run when this returns.
     *
     * @throws LaunchFailure if the folder is missing or its modules do not fit together
     */
    static EngineLayer define(Path folder) throws LaunchFailure {
        if (!Files.isDirectory(folder)) {
            throw new LaunchFailure("There is no folder " + folder + ". Unpack the distribution again.");
        }
        try {
            return define(ModuleFinder.of(folder));
        } catch (FindException | ResolutionException | LayerInstantiationException e) {
            throw new LaunchFailure("The modules in " + folder + " do not fit together: " + e.getMessage(), e);
        }
    }

    @SuppressWarnings("restricted") // granting native access is the launcher's part: bin/insula enables it for this module
    private static EngineLayer define(ModuleFinder modules) {
        var boot = ModuleLayer.boot();
        // The folder comes after the parent: a second copy of a shared module in it can never replace ours.
        var configuration = boot.configuration().resolveAndBind(ModuleFinder.of(), modules, Set.of(MODULE));
        // No parent loader: the platform and system loaders would also find classes of boot modules that nobody in this
        // layer reads.
        var controller = ModuleLayer.defineModulesWithOneLoader(configuration, List.of(boot), null);
        var layer = controller.layer();
        var application = layer.findModule(MODULE).orElseThrow();
        controller.addExports(application, PACKAGE, EngineLayer.class.getModule());
        layer.findModule(NATIVE_MODULE).ifPresent(controller::enableNativeAccess);
        return new EngineLayer(application);
    }

    /**
     * Runs the application's main method in the calling thread and returns when it does. From then on that thread and
     * those it starts find services and resources of this layer.
     *
     * @throws LaunchFailure if there is no such method, or with what it threw
     */
    void start(String[] args) throws LaunchFailure {
        Thread.currentThread().setContextClassLoader(application.getClassLoader());
        try {
            application.getClassLoader().loadClass(MAIN_CLASS).getMethod("main", String[].class)
                    .invoke(null, (Object) args);
        } catch (InvocationTargetException e) {
            var thrown = requireNonNull(e.getCause(), "a method that threw has a cause");
            throw new LaunchFailure(describe(thrown), thrown);
        } catch (ReflectiveOperationException e) {
            throw new LaunchFailure("Module " + MODULE + " has no " + MAIN_CLASS + ".main(String[]).", e);
        }
    }

    private static String describe(Throwable thrown) {
        var message = thrown.getMessage();
        if (message == null || message.isBlank()) {
            return thrown.getClass().getName() + ". INSULA_DEBUG=1 shows where.";
        }
        return message;
    }
}
