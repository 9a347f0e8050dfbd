package io.insula.agent.hosting;

import java.util.List;
import java.util.Optional;

/**
 * The agents of all plugins that are loaded and well.
 *
 * <p>Safe for any number of threads. Nothing here is {@code null}, and nothing waits for a plugin's code.
 */
public interface AgentCatalog {
    /** The agents that can be asked now, sorted by name. */
    List<HostedAgent> agents();

    /**
     * Takes hold of the newest version of an agent. As long as the lease is open the version stays loaded, also when
     * its plugin is replaced or removed meanwhile.
     *
     * @param agent the agent's name
     * @return the lease, which the caller closes; empty if no such agent can be asked now
     */
    Optional<AgentLease> lease(String agent);
}
