package io.insula.agent.rules;

import java.io.IOException;
import java.util.List;
import java.util.Set;

/**
 * Checks the classes of a plugin against the rules. Reads class files; no code of the plugin runs and none of its
 * classes is loaded.
 *
 * <p>Safe for any number of threads; a check uses the calling one and keeps nothing.
 */
public final class PluginRules {
    private PluginRules() {}

    /**
     * Checks all classes.
     *
     * @param files jars or folders; what they unpack to must have been bounded before
     * @param capabilities what the plugin may do beyond the rules
     * @throws IOException if a file cannot be read
     */
    public static Verdict check(PluginFiles files, Set<Capability> capabilities) throws IOException {
        var findings = new Findings();
        var reader = new ClassFiles(findings);
        reader.read(files.own(), false);
        for (var library : files.libraries()) {
            reader.read(library, true);
        }
        var index = new ClassIndex(reader.classes());
        var own = new ReferenceRules(true, index, capabilities, findings);
        var library = new ReferenceRules(false, index, capabilities, findings);
        var declarations = new DeclarationRules(index, findings);
        var state = new StateRules(index, findings);
        var resources = new ResourceRules(index, findings);
        for (var each : reader.classes()) {
            try {
                declarations.check(each);
                if (each.library()) {
                    library.check(each);
                } else {
                    own.check(each);
                    state.check(each);
                    resources.check(each);
                }
            } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
                // Class files are read piece by piece: what is broken inside shows only now.
                findings.add(ClassFiles.unreadable(each.name()));
            }
        }
        return findings.verdict(0);
    }

    /** The rules that are about classes, in the order of the documentation. */
    static List<Rule> ofClasses() {
        return List.of(Rule.values()).stream().filter(rule -> !rule.scopeWords().equals("the file")).toList();
    }
}
