package io.insula.agent.rules;

import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleDescriptor.Requires;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;

/** What the modules of a plugin may be named, hold and require. */
public final class ModuleRules {
    private ModuleRules() {}

    /**
     * Checks all modules of a plugin.
     *
     * @param modules the plugin's own and those that it brings
     * @param needed the modules of other plugins that it may require
     */
    public static Verdict check(Collection<ModuleDescriptor> modules, Set<String> needed) {
        var allowed = new HashSet<>(PlatformNames.VISIBLE);
        allowed.addAll(needed);
        modules.forEach(module -> allowed.add(module.name()));
        var findings = new Findings();
        for (var module : modules) {
            checkNames(module, findings);
            for (var required : module.requires()) {
                var atRunTime = !required.modifiers().contains(Requires.Modifier.STATIC);
                if (atRunTime && !allowed.contains(required.name())) {
                    findings.add(Finding.ofFile(Rule.REQUIRED_MODULES, "Its module " + module.name() + " requires "
                            + required.name() + ", which plugins may not use. They may require "
                            + PlatformNames.visibleNames()
                            + ", modules they bring, and those of plugins in Plugin-Dependencies."));
                }
            }
        }
        return findings.verdict(0);
    }

    private static void checkNames(ModuleDescriptor module, Findings findings) {
        var name = module.name();
        if (PlatformNames.hasModule(name)) {
            findings.add(Finding.ofFile(Rule.PLATFORM_NAMES,
                    "It brings the module " + name + ", which is the platform's."));
        }
        for (var packageName : module.packages()) {
            if (PlatformNames.owns(packageName)) {
                findings.add(Finding.ofFile(Rule.PLATFORM_NAMES, "Its module " + name + " brings the package "
                        + packageName + ", which is the platform's."));
            }
        }
    }
}
