package io.insula.plugin.host;

import io.insula.agent.hosting.HostedTool;
import io.insula.agent.hosting.PluginFaultException;

final class Warmth {
    static Maker warm(HostedTool tool) {
        return tool::newTool;
    }

    interface Maker {
        Object make() throws PluginFaultException;
    }
}
