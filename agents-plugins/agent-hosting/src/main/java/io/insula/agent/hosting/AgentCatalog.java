package io.insula.agent.hosting;

import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The agents of all plugins that are loaded and well. Plugins come, go and are replaced at any time; of a plugin that is
 * replaced by another version there is always one of the two.
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

    /**
     * Has somebody let go of what they keep of a version before it is unloaded.
     *
     * @param keeper called for each version when nobody has a lease of it any more, in a thread of its own, with the
     *     version's class loader; it may call code of the plugin, and returns when it holds nothing of it. After a
     *     bounded time it is interrupted and the version unloaded without it
     */
    void beforeUnload(Consumer<ClassLoader> keeper);

    /**
     * Is told that a run ignores its stop and is not waited for any more.
     *
     * @param plugin the id of the plugin whose code does not return
     */
    void runAbandoned(String plugin);

    /**
     * Is told that such a run has ended after all.
     *
     * @param plugin the id that was told
     */
    void abandonedRunEnded(String plugin);
}
