package io.insula.plugin.host;

import static java.util.Objects.requireNonNull;

import io.insula.agent.rules.PlatformNames;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.module.Configuration;
import java.lang.module.ModuleDescriptor.Exports;
import java.lang.module.ModuleReader;
import java.lang.module.ResolvedModule;
import java.net.URL;
import java.security.CodeSigner;
import java.security.CodeSource;
import java.security.SecureClassLoader;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Enumeration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The one class loader of a plugin. It knows the plugin's own modules and the packages that the visible modules and the
 * plugins it needs export to it, and asks nobody else, whatever the name.
 *
 * <p>It has no parent: the platform and system loaders share one map of all packages in the boot layer, so a loader that
 * asks them finds classes of modules that the plugin does not read.
 *
 * <p>Safe for any number of threads. Once closed it finds no more classes and resources; those it has given stay usable.
 */
final class PluginModuleLoader extends SecureClassLoader implements Closeable {
    private static final ClassLoader BOOTSTRAP = new BootstrapClasses();

    static {
        registerAsParallelCapable();
    }

    /** A module of the plugin: where it comes from, and what reads it. */
    private record OwnModule(CodeSource source, ModuleReader reader) {}

    private final Map<String, OwnModule> modules;
    private final Map<String, String> moduleOfPackage;
    private final Map<String, ClassLoader> loaderOfForeignPackage;
    private ModuleLayer.@Nullable Controller controller; // set once, before anybody else sees this loader
    private volatile boolean closed;

    private PluginModuleLoader(String pluginId, Map<String, OwnModule> modules, Map<String, String> moduleOfPackage,
            Map<String, ClassLoader> loaderOfForeignPackage) {
        super("plugin:" + pluginId, null);
        this.modules = Map.copyOf(modules);
        this.moduleOfPackage = Map.copyOf(moduleOfPackage);
        this.loaderOfForeignPackage = Map.copyOf(loaderOfForeignPackage);
    }

    /**
     * Defines the plugin's modules to a new layer and a new loader.
     *
     * @throws LayerInstantiationException if the modules cannot share a loader
     */
    static PluginModuleLoader define(String pluginId, PluginModules plugin) throws IOException {
        var modules = new HashMap<String, OwnModule>();
        var moduleOfPackage = new HashMap<String, String>();
        var foreign = new HashMap<String, ClassLoader>();
        try {
            for (var module : plugin.configuration().modules()) {
                var location = requireNonNull(module.reference().location().orElse(null), "a jar has a location");
                modules.put(module.name(), new OwnModule(new CodeSource(location.toURL(), (CodeSigner[]) null),
                        module.reference().open()));
                module.reference().descriptor().packages().forEach(name -> moduleOfPackage.put(name, module.name()));
                module.reads().forEach(read -> addForeignPackages(plugin, module, read, foreign));
            }
            var loader = new PluginModuleLoader(pluginId, modules, moduleOfPackage, foreign);
            loader.controller = ModuleLayer.defineModules(plugin.configuration(), plugin.parents(), name -> loader);
            return loader;
        } catch (IOException | RuntimeException e) {
            closeAll(modules.values().stream().map(OwnModule::reader).toList(), e);
            throw e;
        }
    }

    private static void addForeignPackages(PluginModules plugin, ResolvedModule reader, ResolvedModule read,
            Map<String, ClassLoader> foreign) {
        if (read.configuration() == plugin.configuration()) {
            return;
        }
        // An automatic library reads every module there is; that shows it nothing that plugins may not see.
        var inPlatform = read.configuration() == PlatformModules.layer().configuration()
                || PlatformModules.layer().findModule(read.name()).isPresent();
        if (inPlatform && !PlatformNames.VISIBLE.contains(read.name())) {
            return;
        }
        var layer =
                inPlatform ? PlatformModules.layer() : layerOf(plugin.parents(), read.configuration()).orElseThrow();
        var loader = layer.findLoader(read.name());
        var descriptor = read.reference().descriptor();
        var packages = descriptor.isAutomatic() ? descriptor.packages().stream()
                : descriptor.exports().stream()
                        .filter(exports -> !exports.isQualified()
                                || (!inPlatform && exports.targets().contains(reader.name())))
                        .map(Exports::source);
        packages.forEach(name -> foreign.putIfAbsent(name, loader == null ? BOOTSTRAP : loader));
    }

    private static Optional<ModuleLayer> layerOf(List<ModuleLayer> layers, Configuration configuration) {
        for (var layer : layers) {
            if (layer.configuration() == configuration) {
                return Optional.of(layer);
            }
            var above = layerOf(layer.parents(), configuration);
            if (above.isPresent()) {
                return above;
            }
        }
        return Optional.empty();
    }

    ModuleLayer layer() {
        return controller().layer();
    }

    /** Reads the files of one of the plugin's modules. */
    ModuleReader readerOf(String module) {
        return requireNonNull(modules.get(module), "no such module in the plugin").reader();
    }

    /** Opens every package of a module of the plugin to a module of the platform. */
    void open(Module own, Module toPlatform) {
        own.getPackages().forEach(name -> controller().addOpens(own, name, toPlatform));
    }

    private ModuleLayer.Controller controller() {
        return requireNonNull(controller, "used before its layer was defined");
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        synchronized (getClassLoadingLock(name)) {
            Class<?> loaded = findLoadedClass(name);
            if (loaded == null) {
                var packageName = packageOf(name);
                var foreignLoader = loaderOfForeignPackage.get(packageName);
                loaded = moduleOfPackage.containsKey(packageName) || foreignLoader == null ? findClass(name)
                        : foreignLoader.loadClass(name);
            }
            if (resolve) {
                resolveClass(loaded);
            }
            return loaded;
        }
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
        var module = moduleOfPackage.get(packageOf(name));
        Class<?> found = module == null ? null : findClass(module, name);
        if (found == null) {
            throw new ClassNotFoundException(name);
        }
        return found;
    }

    @Override
    protected @Nullable Class<?> findClass(@Nullable String module, String name) {
        var own = module == null ? null : modules.get(module);
        if (own == null || closed) {
            return null;
        }
        synchronized (getClassLoadingLock(name)) {
            Class<?> loaded = findLoadedClass(name);
            return loaded != null ? loaded : define(own, name);
        }
    }

    private @Nullable Class<?> define(OwnModule module, String name) {
        try {
            var bytes = module.reader().read(name.replace('.', '/') + ".class").orElse(null);
            if (bytes == null) {
                return null;
            }
            try {
                return defineClass(name, bytes, module.source());
            } finally {
                module.reader().release(bytes);
            }
        } catch (IOException e) {
            return null; // closed meanwhile, or the private copy is gone: no such class any more
        }
    }

    @Override
    protected @Nullable URL findResource(@Nullable String module, String name) throws IOException {
        var own = module == null ? null : modules.get(module);
        if (own == null || closed) {
            return null;
        }
        var found = own.reader().find(name);
        return found.isPresent() ? PluginResource.url(found.get(), own.reader(), name) : null;
    }

    @Override
    protected @Nullable URL findResource(String name) {
        try {
            var all = findResources(name);
            return all.hasMoreElements() ? all.nextElement() : null;
        } catch (IOException e) {
            return null; // as ClassLoader asks: what cannot be read is not there
        }
    }

    @Override
    protected Enumeration<URL> findResources(String name) throws IOException {
        var found = new ArrayList<URL>();
        for (var module : modules.keySet()) {
            var url = findResource(module, name);
            if (url != null) {
                found.add(url);
            }
        }
        return Collections.enumeration(found);
    }

    // ClassLoader's own versions of the following ask the bootstrap loader first, when there is no parent.

    @Override
    public @Nullable URL getResource(String name) {
        return findResource(name);
    }

    @Override
    public Enumeration<URL> getResources(String name) throws IOException {
        return findResources(name);
    }

    @Override
    public Stream<URL> resources(String name) {
        try {
            return Collections.list(findResources(name)).stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e); // as ClassLoader does
        }
    }

    @Override
    public @Nullable InputStream getResourceAsStream(String name) {
        var url = findResource(name);
        try {
            return url == null ? null : url.openStream();
        } catch (IOException e) {
            return null; // as ClassLoader asks
        }
    }

    @Override
    public void close() throws IOException {
        closed = true;
        var problem = new IOException("a module of " + getName() + " was not closed");
        if (!closeAll(modules.values().stream().map(OwnModule::reader).toList(), problem)) {
            throw problem;
        }
    }

    private static boolean closeAll(List<ModuleReader> readers, Throwable problem) {
        var allClosed = true;
        for (var reader : readers) {
            try {
                reader.close();
            } catch (IOException e) {
                allClosed = false;
                problem.addSuppressed(e);
            }
        }
        return allClosed;
    }

    private static String packageOf(String className) {
        var dot = className.lastIndexOf('.');
        return dot < 0 ? "" : className.substring(0, dot);
    }

    /** Finds what the bootstrap loader finds; only asked for packages of visible modules. */
    private static final class BootstrapClasses extends ClassLoader {
        BootstrapClasses() {
            super(null);
        }
    }
}
