package io.insula.plugin.host;

import io.insula.agent.PluginBindings;
import java.util.LinkedHashMap;
import java.util.Map;

/** Takes down what a plugin binds, and refuses what is not its own. Used by the thread that calls the plugin. */
final class BindingCollector implements PluginBindings.Binder {
    private static final int MAX_BINDINGS = 1_000;

    /**
     * What stands behind a type.
     *
     * @param implementation a class of the plugin
     * @param shared whether there is one for all
     */
    record Target(Class<?> implementation, boolean shared) {}

    private final ClassLoader plugin;
    private final Map<Class<?>, Target> targets = new LinkedHashMap<>();
    private boolean open = true;

    BindingCollector(ClassLoader plugin) {
        this.plugin = plugin;
    }

    /** Ends the collecting; the plugin's hold on this object is worth nothing from now on. */
    Map<Class<?>, Target> close() {
        open = false;
        return Map.copyOf(targets);
    }

    @Override
    public <T> void bind(Class<T> type, Class<? extends T> implementation) {
        add(type, new Target(implementation, false));
    }

    @Override
    public <T> void bindShared(Class<T> type, Class<? extends T> implementation) {
        add(type, new Target(implementation, true));
    }

    private void add(Class<?> type, Target target) {
        if (!open) {
            throw new IllegalStateException("the binder is usable during PluginBindings.configure only");
        }
        if (!plugin.equals(type.getClassLoader()) || !plugin.equals(target.implementation().getClassLoader())) {
            throw new IllegalArgumentException(type.getName() + " and " + target.implementation().getName()
                    + " must both be classes of this plugin");
        }
        if (!type.isAssignableFrom(target.implementation())) {
            throw new IllegalArgumentException(target.implementation().getName() + " is no " + type.getName());
        }
        if (targets.size() == MAX_BINDINGS) {
            throw new IllegalArgumentException("more than " + MAX_BINDINGS + " bindings");
        }
        if (targets.putIfAbsent(type, target) != null) {
            throw new IllegalArgumentException(type.getName() + " is bound already");
        }
    }
}
