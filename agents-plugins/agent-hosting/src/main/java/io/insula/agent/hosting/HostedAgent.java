package io.insula.agent.hosting;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * An agent that a plugin brought.
 *
 * @param name unique among all plugins
 * @param summary one sentence
 * @param plugin the plugin's id
 * @param version the plugin's version
 * @param deadline the agent's own time limit for a run, if it has one
 * @param resumable whether its runs may be played again from their records
 * @param compatibleWith other versions of the plugin whose runs it may play again
 */
public record HostedAgent(
        String name,
        String summary,
        String plugin,
        String version,
        Optional<Duration> deadline,
        boolean resumable,
        Set<String> compatibleWith) {
    /** Copies the set. */
    public HostedAgent {
        compatibleWith = Set.copyOf(compatibleWith);
    }

    /** Whether a run that was begun with a version of a plugin may be played again by this agent. */
    public boolean canResume(String beganWithPlugin, String beganWithVersion) {
        return resumable
                && plugin.equals(beganWithPlugin)
                && (version.equals(beganWithVersion) || compatibleWith.contains(beganWithVersion));
    }
}
