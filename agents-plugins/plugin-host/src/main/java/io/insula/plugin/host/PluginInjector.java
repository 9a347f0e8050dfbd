package io.insula.plugin.host;

import static java.util.Objects.requireNonNull;

import com.google.inject.Binder;
import com.google.inject.CreationException;
import com.google.inject.Guice;
import com.google.inject.Injector;
import com.google.inject.ProvisionException;
import com.google.inject.Scope;
import com.google.inject.Scopes;
import com.google.inject.Stage;
import io.insula.plugin.host.BindingCollector.Target;
import jakarta.inject.Inject;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Makes the objects of one plugin. A top-level injector of its own, because a child would be held by its parent and the
 * plugin with it.
 */
final class PluginInjector {
    private final Injector injector;

    private PluginInjector(Injector injector) {
        this.injector = injector;
    }

    /**
     * Binds the plugin's extensions and what it binds itself, and makes its shared objects: runs code of the plugin.
     *
     * @throws InvocationTargetException with what that code threw
     */
    static PluginInjector create(PluginContents contents, PluginModuleLoader loader)
            throws PluginProblem, ReflectiveOperationException {
        var bindings = bindings(contents, loader);
        List<Class<?>> extensions = Stream.<Class<?>>concat(
                contents.agents().values().stream().map(DeclaredAgent::type),
                contents.tools().values().stream().map(DeclaredTool::type)).distinct().toList();
        var constructors = new LinkedHashMap<Class<?>, Constructor<?>>();
        for (var type : extensions) {
            constructors.put(type, constructorOf(type));
        }
        for (var target : bindings.values()) {
            constructors.put(target.implementation(), constructorOf(target.implementation()));
        }
        try {
            return new PluginInjector(Guice.createInjector(Stage.PRODUCTION, binder -> {
                // Only classes that ask for it are made without a binding, and only the plugin's own do.
                binder.requireAtInjectOnConstructors();
                binder.disableCircularProxies();
                extensions.forEach(type -> bind(binder, type, constructorIn(constructors, type), Scopes.NO_SCOPE));
                bindAll(binder, bindings, constructors);
            }));
        } catch (CreationException e) {
            throw problemOf(e);
        }
    }

    /** Makes a new object of an extension class. */
    <T> T make(Class<T> type) {
        return injector.getInstance(type);
    }

    /** What the plugin's code threw, without the wrapping. */
    static Throwable thrownByPlugin(Throwable thrown) {
        if (thrown instanceof ProvisionException provision) {
            var cause = provision.getCause();
            return cause == null ? thrown : cause;
        }
        return thrown;
    }

    private static Map<Class<?>, Target> bindings(PluginContents contents, PluginModuleLoader loader)
            throws ReflectiveOperationException {
        var collector = new BindingCollector(loader);
        for (var type : contents.bindings()) {
            var constructor = type.getDeclaredConstructor();
            constructor.setAccessible(true);
            constructor.newInstance().configure(collector);
        }
        return collector.close();
    }

    private static void bindAll(Binder binder, Map<Class<?>, Target> bindings,
            Map<Class<?>, Constructor<?>> constructors) {
        // A shared class is bound once, so that it is one object also where it stands behind several types.
        bindings.values().stream().filter(Target::shared).map(Target::implementation).collect(Collectors.toSet())
                .forEach(type -> bind(binder, type, constructorIn(constructors, type), Scopes.SINGLETON));
        bindings.forEach((type, target) -> {
            if (!target.shared()) {
                bind(binder, type, constructorIn(constructors, target.implementation()), Scopes.NO_SCOPE);
            } else if (type != target.implementation()) {
                link(binder, type, target.implementation());
            }
        });
    }

    @SuppressWarnings("unchecked") // what stands behind a type was checked to be one
    private static <T> void bind(Binder binder, Class<T> type, Constructor<?> constructor, Scope scope) {
        binder.bind(type).toConstructor((Constructor<? extends T>) constructor).in(scope);
    }

    @SuppressWarnings("unchecked") // likewise
    private static <T> void link(Binder binder, Class<T> type, Class<?> implementation) {
        binder.bind(type).to((Class<? extends T>) implementation);
    }

    private static Constructor<?> constructorIn(Map<Class<?>, Constructor<?>> constructors, Class<?> type) {
        return requireNonNull(constructors.get(type), "every bound class has a constructor");
    }

    private static Constructor<?> constructorOf(Class<?> type) throws PluginProblem {
        if (type.isInterface() || Modifier.isAbstract(type.getModifiers())) {
            throw PluginProblem.refused("Its class " + type.getName() + " cannot be made: it is abstract.");
        }
        var constructors = List.of(type.getDeclaredConstructors());
        var marked =
                constructors.stream().filter(constructor -> constructor.isAnnotationPresent(Inject.class)).toList();
        var usable = marked.isEmpty()
                ? constructors.stream().filter(constructor -> constructor.getParameterCount() == 0).toList()
                : marked;
        if (usable.size() != 1) {
            throw PluginProblem.refused("Its class " + type.getName()
                    + " needs one constructor with @Inject, or one without parameters.");
        }
        return usable.getFirst();
    }

    /** Guice's own words are about types; what the plugin threw goes on as it is, to be told apart and logged. */
    private static PluginProblem problemOf(CreationException e) throws InvocationTargetException {
        var texts = new ArrayList<String>();
        for (var message : e.getErrorMessages()) {
            if (message.getCause() != null) {
                throw new InvocationTargetException(message.getCause());
            }
            texts.add(message.getMessage());
        }
        return PluginProblem.refused("Its classes cannot be put together. " + String.join(" ", texts));
    }
}
