package io.insula.agent.rules;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;

/**
 * The rules as an assertion, for a test in an author's own build. Needs no test library: it throws what all of them
 * understand.
 *
 * <pre>{@code
 * @Test
 * void keepsTheRulesOfThePlatform() {
 *     PluginAssertions.assertKeepsRules(Path.of("target/classes"));
 * }
 * }</pre>
 */
public final class PluginAssertions {
    private PluginAssertions() {}

    /**
     * Checks compiled classes, a jar or a folder, as the plugin's own module.
     *
     * @param classes the jar, or the folder of compiled classes
     * @param capabilities what the plugin asks for in its manifest
     * @throws AssertionError with all findings, if there are any
     * @throws UncheckedIOException if the classes cannot be read
     */
    public static void assertKeepsRules(Path classes, Capability... capabilities) {
        var asked = EnumSet.noneOf(Capability.class);
        asked.addAll(Arrays.asList(capabilities));
        try {
            var verdict = PluginRules.check(new PluginFiles(classes, List.of()), asked);
            if (!verdict.accepted()) {
                throw new AssertionError(classes + " breaks rules for plugins:\n  "
                        + verdict.text(Verdict.MOST_FINDINGS, "\n  "));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
