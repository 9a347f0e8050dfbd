package io.insula.plugin.host;

import io.insula.agent.rules.Capability;
import io.insula.agent.rules.Finding;
import io.insula.agent.rules.Rule;
import io.insula.agent.rules.Verdict;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/**
 * What the host finds out about a file before it would run any code of it.
 *
 * @param id the plugin's id, if its descriptor can be read
 * @param version the plugin's version, likewise
 * @param sha256 the digest of the file, if the file could be taken in
 * @param asks the capabilities that it asks for
 * @param verdict whether it would be loaded, as far as this can be told without running it and without other plugins
 */
public record PluginInspection(Optional<String> id, Optional<String> version, Optional<String> sha256,
        Set<Capability> asks, Verdict verdict) {

    /** Copies the set. */
    public PluginInspection {
        asks = Set.copyOf(asks);
    }

    /**
     * Takes a copy and judges it. No code of the plugin runs, and nothing is left behind.
     *
     * @param settings its plugins folder is not looked at; its work folder is emptied
     * @throws IOException if the file cannot be read
     */
    public static PluginInspection of(Path file, PluginHostSettings settings) throws IOException {
        var intake = new PluginIntake(settings);
        intake.emptyWorkFolder();
        StagedPlugin staged;
        try {
            staged = intake.take(file, 1);
        } catch (PluginProblem problem) {
            return refused(Optional.empty(), Rule.ARCHIVE, problem);
        }
        try {
            var description = PluginDescription.of(staged, settings.platformVersion());
            var verdict = new PluginGate(settings.grants()).judge(staged, description);
            return new PluginInspection(Optional.of(description.id()), Optional.of(description.version()),
                    Optional.of(staged.sha256()), description.capabilities(), verdict);
        } catch (PluginProblem problem) {
            return refused(Optional.of(staged.sha256()), Rule.DESCRIPTOR, problem);
        } finally {
            staged.discard();
        }
    }

    private static PluginInspection refused(Optional<String> sha256, Rule rule, PluginProblem problem) {
        return new PluginInspection(Optional.empty(), Optional.empty(), sha256, Set.of(),
                Verdict.of(Finding.ofFile(rule, problem.getMessage())));
    }
}
