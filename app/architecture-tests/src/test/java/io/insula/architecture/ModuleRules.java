package io.insula.architecture;

import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleDescriptor.Exports;
import java.lang.module.ModuleDescriptor.Modifier;
import java.lang.module.ModuleDescriptor.Opens;
import java.lang.module.ModuleDescriptor.Requires;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** What the modules say of themselves. */
final class ModuleRules {
    private static final Set<String> HIDDEN_FROM_TRANSPORTS =
            Set.of(Shipped.HOSTING, Shipped.ENGINE_USER, Shipped.HOST);

    private ModuleRules() {}

    /** A module in words, one line for each thing that it says, sorted; the form of the golden files. */
    static String describe(ModuleDescriptor module) {
        var lines = new TreeSet<String>();
        for (Requires requires : module.requires()) {
            if (!requires.modifiers().contains(Requires.Modifier.MANDATED)) {
                lines.add(words("requires", requires.modifiers(), requires.name()));
            }
        }
        for (Exports exports : module.exports()) {
            lines.add(words("exports", Set.of(), exports.source()) + to(exports.targets()));
        }
        for (Opens opens : module.opens()) {
            lines.add(words("opens", Set.of(), opens.source()) + to(opens.targets()));
        }
        module.uses().forEach(service -> lines.add("uses " + service));
        module.provides()
                .forEach(provides -> lines.add("provides " + provides.service() + " with " + provides.providers()));
        return (module.modifiers().contains(Modifier.OPEN) ? "open " : "") + "module " + module.name() + "\n"
                + String.join("\n", lines) + "\n";
    }

    private static String words(String what, Set<?> modifiers, String name) {
        var words = new StringBuilder(what);
        modifiers.stream().map(modifier -> modifier.toString().toLowerCase(java.util.Locale.ROOT)).sorted()
                .forEach(modifier -> words.append(' ').append(modifier));
        return words.append(' ').append(name).toString();
    }

    private static String to(Set<String> targets) {
        return targets.isEmpty() ? "" : " to " + String.join(", ", new TreeSet<>(targets));
    }

    /** Ways by which others come at the hidden code of a module: services, and packages opened to everybody. */
    static List<String> doors(ModuleDescriptor module) {
        var doors = new ArrayList<String>();
        if (module.isOpen()) {
            doors.add(module.name() + " is an open module");
        }
        module.opens().stream().filter(opens -> !opens.isQualified())
                .forEach(opens -> doors.add(module.name() + " opens " + opens.source() + " to everybody"));
        module.provides().forEach(provides -> doors.add(module.name() + " provides " + provides.service()));
        module.uses().forEach(service -> doors.add(module.name() + " uses " + service));
        return doors;
    }

    /** Modules that a transport can read, directly or because another hands them on, and must not. */
    static List<String> reachedByTransport(Map<String, ModuleDescriptor> modules, String transport) {
        var reached = new HashSet<String>();
        var waiting = new ArrayDeque<>(List.of(transport));
        while (!waiting.isEmpty()) {
            var module = modules.get(waiting.remove());
            if (module == null) {
                continue;
            }
            for (Requires requires : module.requires()) {
                boolean read =
                        module.name().equals(transport) || requires.modifiers().contains(Requires.Modifier.TRANSITIVE);
                if (read && reached.add(requires.name())) {
                    waiting.add(requires.name());
                }
            }
        }
        return reached.stream().filter(HIDDEN_FROM_TRANSPORTS::contains).sorted().toList();
    }

    /** Modules of ours that a module requires and the table does not allow. */
    static List<String> against(Map<String, Set<String>> table, ModuleDescriptor module) {
        return module.requires().stream().map(Requires::name).filter(name -> name.startsWith("io.insula."))
                .filter(name -> !table.getOrDefault(module.name(), Set.of()).contains(name))
                // Not used by the launcher: required so that the boot layer holds it for the layers above.
                .filter(name -> !(module.name().equals(Shipped.LAUNCHER) && name.equals(Shipped.AGENT))).sorted()
                .map(name -> module.name() + " requires " + name).toList();
    }
}
