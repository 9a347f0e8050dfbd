package io.insula.endtoend;

import static io.insula.endtoend.Attack.open;
import static io.insula.endtoend.Attack.stopped;

import java.util.List;

/** Ways to classes, objects and files that plugins are not meant to see. */
final class AttacksOnClasses {
    private static final String HIDDEN = """
            static final List<String> HIDDEN = List.of("com.google.inject.Guice", "org.pf4j.PluginManager",
                    "io.insula.plugin.host.PluginHost", "io.insula.engine.api.UserExecutionEngine",
                    "io.insula.engine.user.UserRoom", "io.insula.app.Main", "tools.jackson.core.JsonParser",
                    "org.sqlite.JDBC", "attack.vault.TheAgent");

            static String found(ClassLoader loader) {
                var found = new TreeSet<String>();
                for (var name : HIDDEN) {
                    try {
                        found.add(Class.forName(name, false, loader).getName());
                    } catch (ClassNotFoundException e) {
                        // hidden
                    }
                    if (loader.getResource(name.replace('.', '/') + ".class") != null) {
                        found.add(name + " as a resource");
                    }
                }
                return found.isEmpty() ? "nothing" : found.contains("attack.vault.TheAgent") ? "other plugins' classes"
                        : "classes of the engine";
            }
            """;
    private static final String CLASSES = "classes of the engine";

    private AttacksOnClasses() {}

    static List<Attack> all() {
        return List.of(
                stopped("name-lookup", "finds classes of the engine and of other plugins by their names",
                        "class-loading", "nothing", "return found(getClass().getClassLoader());").with(HIDDEN),
                stopped("system-loader", "asks the system and the platform loader for them", "class-loading",
                        "nothing, nothing", """
                                return found(ClassLoader.getSystemClassLoader()) + ", "
                                        + found(ClassLoader.getPlatformClassLoader());
                                """).with(HIDDEN),
                stopped("context-loader", "asks the loader of its thread for them", "class-loading", "nothing",
                        "return found(Thread.currentThread().getContextClassLoader());").with(HIDDEN),
                open("context-class", "asks the loader of its context's class for them", "class-loading", CLASSES,
                        "return found(context.getClass().getClassLoader());").with(HIDDEN),
                open("thread-loaders", "asks the loaders of the platform's threads for them", "threads", CLASSES, """
                        var found = new TreeSet<String>();
                        for (var thread : Thread.getAllStackTraces().keySet()) {
                            if (thread.getContextClassLoader() != null) {
                                found.add(found(thread.getContextClassLoader()));
                            }
                        }
                        return found.getFirst();
                        """).with(HIDDEN),
                open("stack-walk", "takes the classes of its callers from the stack", "reflection", CLASSES, """
                        var found = new TreeSet<String>();
                        StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE).forEach(frame -> {
                            if (frame.getDeclaringClass().getClassLoader() != null) {
                                found.add(found(frame.getDeclaringClass().getClassLoader()));
                            }
                        });
                        return found.getFirst();
                        """).with(HIDDEN),
                stopped("launcher", "starts the platform's launcher again", "class-loading", "IllegalAccessException",
                        """
                                return outcome(() -> ClassLoader.getSystemClassLoader().loadClass("io.insula.launcher.Launcher")
                                        .getMethod("main", String[].class).invoke(null, (Object) new String[] {"--version"}));
                                """),
                stopped("services", "asks for services of the platform", "layers", "nothing", """
                        var found = new TreeSet<String>();
                        ServiceLoader.load(org.slf4j.spi.SLF4JServiceProvider.class)
                                .forEach(service -> found.add(service.getClass().getName()));
                        ServiceLoader.load(Agent.class).forEach(service -> found.add(service.getClass().getName()));
                        ServiceLoader.load(ModuleLayer.boot(), Agent.class)
                                .forEach(service -> found.add(service.getClass().getName()));
                        return found.isEmpty() ? "nothing" : found.toString();
                        """).requiring("uses io.insula.agent.Agent; uses org.slf4j.spi.SLF4JServiceProvider;"),
                stopped("own-injector", "makes a Guice injector of its own", "required-modules",
                        "is not loaded", "return com.google.inject.Guice.createInjector().toString();")
                        .requiring("requires com.google.guice;"),
                stopped("engine-module", "reads the module of the engines", "required-modules", "is not loaded",
                        "return io.insula.engine.api.UserExecutionEngine.class.getName();")
                        .requiring("requires io.insula.engine.api;"),
                stopped("layers", "walks up the layers of modules", "layers", "nothing", """
                        var found = new TreeSet<String>();
                        for (var layer = getClass().getModule().getLayer(); layer != ModuleLayer.empty();
                                layer = layer.parents().get(0)) {
                            for (var name : List.of("com.google.guice", "io.insula.app", "io.insula.engine.user",
                                    "io.insula.plugin.host", "attack.vault")) {
                                layer.findModule(name).ifPresent(module -> found.add(module.getName()));
                            }
                        }
                        return found.isEmpty() ? "nothing" : found.toString();
                        """),
                open("context-layer", "takes the layer of its context's class", "layers", "modules of the engine", """
                        var layer = context.getClass().getModule().getLayer();
                        return layer.findModule("io.insula.engine.user").isPresent() ? "modules of the engine" : "nothing";
                        """),
                stopped("open-modules", "opens modules of the platform and the JDK to itself", "layers",
                        "IllegalCallerException", """
                                var own = getClass().getModule();
                                return outcome(() -> String.class.getModule().addOpens("java.lang", own),
                                        () -> Agent.class.getModule().addOpens("io.insula.agent", own),
                                        () -> context.getClass().getModule().addExports(
                                                context.getClass().getPackageName(), own));
                                """),
                open("add-reads", "lets its module read one of the JDK's that plugins do not see", "layers",
                        "java.sql.DriverManager", """
                                var hidden = ModuleLayer.boot().findModule("java.sql").orElseThrow();
                                getClass().getModule().addReads(hidden);
                                return Class.forName(hidden, "java.sql.DriverManager").getName();
                                """),
                stopped("deep-reflection", "opens fields of its context, its loader and of texts by reflection",
                        "reflection", "InaccessibleObjectException", """
                                var ways = new ArrayList<Way>();
                                for (var type : List.of(context.getClass(), getClass().getClassLoader().getClass(), String.class)) {
                                    ways.add(() -> {
                                        for (var field : type.getDeclaredFields()) {
                                            field.setAccessible(true);
                                        }
                                        return "opened";
                                    });
                                }
                                return outcome(ways.toArray(Way[]::new));
                                """),
                stopped("hidden-methods", "calls methods of its context's class that its interface does not have",
                        "reflection", "none can be called", """
                                var called = new TreeSet<String>();
                                var known = new TreeSet<String>();
                                for (var method : AgentContext.class.getMethods()) {
                                    known.add(method.getName());
                                }
                                for (var type = (Class<?>) context.getClass(); type != Object.class; type = type.getSuperclass()) {
                                    for (var method : type.getDeclaredMethods()) {
                                        if (!known.contains(method.getName()) && method.getParameterCount() == 0) {
                                            try {
                                                method.invoke(context);
                                                called.add(method.getName());
                                            } catch (IllegalAccessException e) {
                                                // hidden
                                            }
                                        }
                                    }
                                }
                                return called.isEmpty() ? "none can be called" : called.toString();
                                """),
                stopped("method-handles", "gets a private lookup in classes of the platform", "reflection",
                        "IllegalAccessException", """
                                var own = java.lang.invoke.MethodHandles.lookup();
                                return outcome(() -> java.lang.invoke.MethodHandles.privateLookupIn(context.getClass(), own),
                                        () -> java.lang.invoke.MethodHandles.privateLookupIn(Agent.class, own),
                                        () -> java.lang.invoke.MethodHandles.privateLookupIn(String.class, own));
                                """),
                stopped("unnamed-module", "defines a class in an unnamed module, and looks around from there",
                        "class-loading", "nothing, in an unnamed module", """
                                var bytes = getClass().getResourceAsStream("TheAgent$Way.class").readAllBytes();
                                var loader = new ClassLoader(null) {
                                    Class<?> make() { return defineClass(null, bytes, 0, bytes.length); }
                                };
                                return found(loader) + (loader.make().getModule().isNamed() ? "" : ", in an unnamed module");
                                """).with(HIDDEN),
                stopped("defined-class", "defines a class in a package of the platform", "reflection",
                        "IllegalArgumentException", """
                                var bytes = AgentContext.class.getResourceAsStream("Agent.class").readAllBytes();
                                return outcome(() -> java.lang.invoke.MethodHandles.lookup().defineClass(bytes));
                                """),
                open("own-layer", "makes a layer of its own from the platform's jars", "layers",
                        "a copy of the engine's classes, and none of its objects", """
                                var boot = ModuleLayer.boot();
                                var jars = java.lang.module.ModuleFinder.of(
                                        java.nio.file.Path.of(System.getProperty("insula.home"), "lib", "engine"));
                                var layer = ModuleLayer.defineModulesWithOneLoader(boot.configuration().resolve(jars,
                                        java.lang.module.ModuleFinder.of(), Set.of("io.insula.engine.user")), List.of(boot), null);
                                var room = layer.layer().findLoader("io.insula.engine.user").loadClass("io.insula.engine.user.UserRoom");
                                return room.getModule() == context.getClass().getModule() ? "the engine itself"
                                        : "a copy of the engine's classes, and none of its objects";
                                """),
                stopped("unsafe", "takes Unsafe by its name", "class-loading",
                        "ClassNotFoundException, UnsupportedOperationException", """
                                return outcome(() -> Class.forName("sun.misc.Unsafe"), () -> {
                                    var type = Class.forName("sun.misc.Unsafe", true, null);
                                    var field = type.getDeclaredField("theUnsafe");
                                    field.setAccessible(true);
                                    try {
                                        return type.getMethod("getLong", long.class).invoke(field.get(null), 1L);
                                    } catch (java.lang.reflect.InvocationTargetException e) {
                                        throw e.getCause();
                                    }
                                });
                                """),
                stopped("resources", "reads files inside the platform's and other plugins' jars", "class-loading",
                        "nothing", """
                                var found = new TreeSet<String>();
                                for (var name : List.of("attack/vault/own.txt", "io/insula/engine/user/UserRoom.class",
                                        "io/insula/app/Main.class", "org/sqlite/JDBC.class")) {
                                    if (getClass().getClassLoader().getResource(name) != null
                                            || ClassLoader.getSystemResource(name) != null
                                            || getClass().getResource("/" + name) != null
                                            || Agent.class.getResource("/" + name) != null
                                            || getClass().getModule().getResourceAsStream(name) != null) {
                                        found.add(name);
                                    }
                                }
                                return found.isEmpty() ? "nothing" : found.toString();
                                """),
                open("jar-files", "reads files inside the engine's jar by its context's class", "class-loading",
                        "class files, which are no secret", """
                                try (var file = context.getClass().getResourceAsStream(
                                        "/io/insula/engine/user/UserRoom.class")) {
                                    return file == null ? "nothing" : "class files, which are no secret";
                                }
                                """));
    }
}
