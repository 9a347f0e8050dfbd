package io.insula.launcher;

import java.lang.StackWalker.Option;
import java.lang.StackWalker.StackFrame;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.slf4j.ILoggerFactory;
import org.slf4j.Logger;

/**
 * Gives out loggers whose names tell who asked for them: to a plugin, {@code plugin.ID/} stands before the name that it
 * chose. So no plugin logs as the platform, nor as another plugin, whatever name it takes.
 *
 * <p>Safe for any number of threads, as far as the factory below is.
 */
final class SourcedLoggers implements ILoggerFactory {
    /** How the platform names the loader of a plugin; plugins make none. */
    private static final String PLUGIN_LOADER = "plugin:";

    private final ILoggerFactory loggers;
    private final String application;
    // A function that a plugin hands to the JDK is a hidden class, and the nearest there is to the plugin's own code.
    private final StackWalker stack =
            StackWalker.getInstance(Set.of(Option.RETAIN_CLASS_REFERENCE, Option.SHOW_HIDDEN_FRAMES));

    /**
     * Makes a factory.
     *
     * @param application the module that is in the layer of the platform's hidden parts and in no other
     */
    SourcedLoggers(ILoggerFactory loggers, String application) {
        this.loggers = loggers;
        this.application = application;
    }

    @Override
    public Logger getLogger(String name) {
        var asking = stack.walk(frames -> frames.<Class<?>>map(StackFrame::getDeclaringClass)
                .filter(type -> !isOfBootLayer(type)).findFirst());
        return loggers.getLogger(asking.flatMap(this::pluginOf).map(plugin -> plugin + "/" + name).orElse(name));
    }

    /** The JDK, SLF4J and this module ask for somebody else. */
    @SuppressWarnings("ReferenceEquality") // what a loader takes for its equal is its own affair
    private static boolean isOfBootLayer(Class<?> type) {
        var loader = type.getClassLoader();
        return loader == null || loader == ClassLoader.getSystemClassLoader()
                || loader == ClassLoader.getPlatformClassLoader();
    }

    private Optional<String> pluginOf(Class<?> type) {
        var loader = type.getClassLoader();
        var named = Objects.requireNonNullElse(loader.getName(), "");
        if (named.startsWith(PLUGIN_LOADER)) {
            return Optional.of("plugin." + named.substring(PLUGIN_LOADER.length()));
        }
        var layer = Optional.ofNullable(type.getModule().getLayer());
        // Classes that somebody's loader made come from a plugin's libraries: nobody else has such.
        return layer.filter(each -> each.findModule(application).isPresent()).isPresent() ? Optional.empty()
                : Optional.of("plugin");
    }
}
