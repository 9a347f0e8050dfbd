package io.insula.plugin.host;

import io.insula.agent.hosting.AgentLease;
import io.insula.agent.hosting.HostedAgent;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What a host has loaded, unchangeable; whoever has it last releases the versions. */
final class LoadedPlugins {
    /** An agent and the version it is of. */
    private record Entry(PluginVersion version, DeclaredAgent agent) {}

    private final List<PluginVersion> versions;
    private final Map<String, Entry> entries;
    private final List<PluginReport> reports;

    /** Takes over one hold on each version; no two have an agent of the same name. */
    LoadedPlugins(Collection<PluginVersion> versions, List<PluginReport> reports) {
        this.versions = List.copyOf(versions);
        this.reports = List.copyOf(reports);
        this.entries = new TreeMap<>();
        versions.forEach(version -> version.parts().contents().agents()
                .forEach((name, agent) -> entries.put(name, new Entry(version, agent))));
    }

    static LoadedPlugins none() {
        return new LoadedPlugins(List.of(), List.of());
    }

    List<PluginReport> reports() {
        return reports;
    }

    List<HostedAgent> agents() {
        return entries.values().stream().map(entry -> entry.agent().agent()).toList();
    }

    Optional<AgentLease> lease(String name) {
        var entry = entries.get(name);
        if (entry == null || !entry.version().hold()) {
            return Optional.empty();
        }
        return Optional.of(new PluginLease(entry.version(), entry.agent()));
    }

    void release() {
        // Those that need others first.
        versions.reversed().forEach(PluginVersion::release);
    }
}
