package io.insula.plugin.host;

import io.insula.agent.Agent;
import io.insula.agent.Tool;
import io.insula.agent.ToolDescription;
import io.insula.agent.hosting.AgentLease;
import io.insula.agent.hosting.HostedAgent;
import io.insula.agent.hosting.HostedTool;
import io.insula.agent.hosting.PluginFaultException;
import io.insula.agent.hosting.RecordCodec;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/** A hold on one version of a plugin, for one of its agents. */
final class PluginLease implements AgentLease {
    private final PluginVersion version;
    private final DeclaredAgent agent;
    private final AtomicBoolean closed = new AtomicBoolean();

    /** Takes over a hold on the version; made by it alone. */
    PluginLease(PluginVersion version, DeclaredAgent agent) {
        this.version = version;
        this.agent = agent;
    }

    @Override
    public HostedAgent agent() {
        requireOpen();
        return agent.agent();
    }

    @Override
    public ClassLoader loader() {
        requireOpen();
        return version.parts().loader();
    }

    @Override
    public Agent newAgent() throws PluginFaultException {
        requireOpen();
        return version.makeAgent(agent);
    }

    @Override
    public List<ToolDescription> tools() {
        requireOpen();
        return version.parts().contents().tools().values().stream().map(DeclaredTool::description).toList();
    }

    @Override
    public Optional<HostedTool> tool(String name) {
        requireOpen();
        return Optional.ofNullable(version.parts().contents().tools().get(name)).map(LeasedTool::new);
    }

    @Override
    public Optional<HostedTool> tool(Class<?> type) {
        requireOpen();
        return version.parts().contents().tools().values().stream().filter(tool -> tool.type() == type).findFirst()
                .map(LeasedTool::new);
    }

    @Override
    public RecordCodec records() {
        requireOpen();
        return version.parts().codec();
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            version.endLease();
        }
    }

    private void requireOpen() {
        if (closed.get()) {
            throw new IllegalStateException("the lease of agent " + agent.agent().name() + " is closed");
        }
    }

    /** A tool that can be made while the lease is open. */
    private final class LeasedTool implements HostedTool {
        private final DeclaredTool tool;

        LeasedTool(DeclaredTool tool) {
            this.tool = tool;
        }

        @Override
        public ToolDescription description() {
            return tool.description();
        }

        @Override
        public Class<? extends Record> inputType() {
            return tool.types().input();
        }

        @Override
        public Class<? extends Record> outputType() {
            return tool.types().output();
        }

        @Override
        public Tool<?, ?> newTool() throws PluginFaultException {
            requireOpen();
            return version.makeTool(tool);
        }
    }
}
