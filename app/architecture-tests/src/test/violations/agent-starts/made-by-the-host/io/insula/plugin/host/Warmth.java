package io.insula.plugin.host;

import io.insula.agent.Agent;
import io.insula.agent.hosting.AgentLease;
import io.insula.agent.hosting.PluginFaultException;

final class Warmth {
    static Agent warm(AgentLease lease) throws PluginFaultException {
        return lease.newAgent();
    }
}
