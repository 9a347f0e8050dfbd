package io.insula.plugin.host;

import io.insula.agent.rules.Verdict;
import java.io.IOException;

/** Decides whether a plugin may be loaded, before any code of it runs. */
@FunctionalInterface
interface Admission {
    /**
     * Judges a private copy.
     *
     * @throws IOException if the copy cannot be read
     */
    Verdict judge(StagedPlugin staged, PluginDescription description) throws IOException;
}
