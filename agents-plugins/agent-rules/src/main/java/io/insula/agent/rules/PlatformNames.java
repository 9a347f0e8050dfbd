package io.insula.agent.rules;

import java.lang.module.ModuleFinder;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** What of the platform a plugin may see, and what it may not bring itself. */
public final class PlatformNames {
    /**
     * The modules whose exported packages plugins see. The JDK's are those without a list or switch of the whole process
     * that a plugin could leave something in; {@code java.logging} is there because so many libraries require it.
     */
    public static final Set<String> VISIBLE =
            Set.of("java.base", "java.logging", "java.net.http", "java.xml", "io.insula.agent",
                    "jakarta.inject", "org.slf4j");

    /** Packages of the platform, with all below them. A plugin's copy would be another class of the same name. */
    private static final List<String> RESERVED = List.of("io.insula.agent", "io.insula.app", "io.insula.engine",
            "io.insula.launcher", "io.insula.plugin", "io.insula.transport", "jakarta.inject", "org.slf4j", "org.pf4j",
            "com.google.inject");

    private static final List<String> JDK_PREFIXES = List.of("java.", "jdk.", "sun.", "com.sun.");

    private static final Set<String> JDK_PACKAGES = ModuleFinder.ofSystem().findAll().stream()
            .flatMap(module -> module.descriptor().packages().stream()).collect(Collectors.toUnmodifiableSet());

    private PlatformNames() {}

    /**
     * Tells whether a module of this name is the platform's, seen by plugins or not. All names of the JDK's kind are,
     * also of modules that are not there: the JDK exports its internals to modules by name.
     */
    public static boolean hasModule(String module) {
        return module.startsWith("java.") || module.startsWith("jdk.") || VISIBLE.contains(module)
                || isReserved(module) || module.equals("pf4j") || module.equals("com.google.guice");
    }

    /** Tells whether a package belongs to the platform. */
    public static boolean owns(String packageName) {
        return isReserved(packageName) || JDK_PACKAGES.contains(packageName);
    }

    /** Tells whether a class of this name is the JDK's, if nobody else brings it. */
    static boolean isOfJdk(String className) {
        return JDK_PREFIXES.stream().anyMatch(className::startsWith)
                || JDK_PACKAGES.contains(className.substring(0, Math.max(0, className.lastIndexOf('.'))));
    }

    /** The visible modules, sorted, for messages. */
    static String visibleNames() {
        return String.join(", ", new TreeSet<>(VISIBLE));
    }

    private static boolean isReserved(String name) {
        return RESERVED.stream().anyMatch(reserved -> name.equals(reserved) || name.startsWith(reserved + "."));
    }
}
