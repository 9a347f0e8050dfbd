package io.insula.plugin.host;

import io.insula.agent.Agent;
import io.insula.agent.hosting.HostedAgent;

/**
 * An agent class and what its annotation says.
 *
 * @param agent what the catalogue lists
 * @param type the class
 */
record DeclaredAgent(HostedAgent agent, Class<? extends Agent> type) {}
