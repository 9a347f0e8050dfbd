package io.insula.agent.hosting;

import java.time.Duration;
import java.util.Optional;

/**
 * An agent that a plugin brought.
 *
 * @param name unique among all plugins
 * @param summary one sentence
 * @param plugin the plugin's id
 * @param version the plugin's version
 * @param deadline the agent's own time limit for a run, if it has one
 * @param resumable whether its runs may be played again from their records
 */
public record HostedAgent(
        String name, String summary, String plugin, String version, Optional<Duration> deadline, boolean resumable) {}
