package io.insula.plugin.host;

import io.insula.agent.rules.Finding;
import io.insula.agent.rules.PluginFiles;
import io.insula.agent.rules.PluginRules;
import io.insula.agent.rules.Rule;
import io.insula.agent.rules.Verdict;
import java.io.IOException;
import java.util.EnumSet;
import java.util.stream.Collectors;

/**
 * The admission that the platform has: every rule, lifted only where a plugin asks for a capability and the operator has
 * granted it to this file.
 *
 * @param grants what the operator has granted
 */
record PluginGate(PluginGrants grants) implements Admission {

    @Override
    public Verdict judge(StagedPlugin staged, PluginDescription description) throws IOException {
        var libraries = staged.jars().stream().filter(jar -> !jar.equals(description.jar())).toList();
        // With all that it asks for, granted or not: one finding tells of that, and the others are its own faults.
        return missing(staged, description).and(PluginModules.check(staged, description)).and(
                PluginRules.check(new PluginFiles(description.jar(), libraries), description.capabilities()));
    }

    private Verdict missing(StagedPlugin staged, PluginDescription description) {
        if (description.capabilities().isEmpty()) {
            return Verdict.ofNothing();
        }
        var missing = EnumSet.copyOf(description.capabilities());
        missing.removeAll(grants.to(description.id(), staged.sha256()));
        if (missing.isEmpty()) {
            return Verdict.ofNothing();
        }
        var entry = new PluginGrants.Grant(description.id(), staged.sha256(), description.capabilities()).text();
        var asked = missing.stream().map(capability -> capability.id() + " (to " + capability.allows() + ")")
                .collect(Collectors.joining(", "));
        var how = grants.entries().isEmpty() ? "To grant it, write into the configuration: plugins.grants=" + entry
                : "To grant it, add this to plugins.grants in the configuration, after a comma: " + entry;
        return Verdict.of(new Finding(Rule.CAPABILITIES, "", "",
                "It asks for " + asked + ", which is not granted to this file.", how));
    }
}
