package io.insula.plugin.host;

import io.insula.agent.hosting.AgentLease;
import io.insula.agent.hosting.HostedAgent;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
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
    private final List<PluginReport> notLoaded;
    private final Map<PluginVersion, String> notes;

    private LoadedPlugins(Collection<PluginVersion> versions, List<PluginReport> notLoaded,
            Map<PluginVersion, String> notes) {
        this.versions = List.copyOf(versions);
        this.notLoaded = List.copyOf(notLoaded);
        this.notes = Map.copyOf(notes);
        this.entries = new TreeMap<>();
        versions.forEach(version -> version.parts().contents().agents()
                .forEach((name, agent) -> entries.put(name, new Entry(version, agent))));
    }

    static LoadedPlugins none() {
        return new LoadedPlugins(List.of(), List.of(), Map.of());
    }

    /** Takes over one hold on each version; no two have an agent of the same name. */
    static LoadedPlugins of(SwapPlan.Result plan, WatchedFolder folder) {
        var loaded = new HashMap<PluginCandidate, PluginVersion>();
        plan.versions().values().forEach(version -> loaded.put(version.parts().candidate(), version));
        var notes = new HashMap<PluginVersion, String>();
        loaded.forEach((candidate, version) -> {
            var problem = plan.problems().get(candidate);
            if (problem != null) {
                notes.put(version, "It could not be made anew for the plugins that are there now. "
                        + problem.getMessage());
            }
        });
        var notLoaded = new ArrayList<>(folder.turnedAway());
        for (var file : folder.files()) {
            switch (file.content()) {
                case WatchedFile.Content.Arriving() -> notLoaded.add(PluginReport.notLoaded(file.path(),
                        Optional.empty(), PluginState.ARRIVING, "The file is still changing."));
                case WatchedFile.Content.Refused(var description, var problem) -> notLoaded.add(PluginReport
                        .notLoaded(file.path(), description, problem.state(), problem.getMessage()));
                case WatchedFile.Content.Plugin(var candidate) -> {
                    var problem = plan.problems().get(candidate);
                    if (problem != null && !loaded.containsKey(candidate)) {
                        notLoaded.add(PluginReport.notLoaded(file.path(), Optional.of(candidate.description()),
                                problem.state(), problem.getMessage()));
                    }
                }
            }
        }
        return new LoadedPlugins(plan.versions().values(), notLoaded, notes);
    }

    /** The versions that runs are started of, each behind those that it needs. */
    List<PluginVersion> versions() {
        return versions;
    }

    /** The version of a plugin that runs are started of. */
    Optional<PluginVersion> version(String plugin) {
        return versions.stream().filter(version -> version.id().equals(plugin)).findFirst();
    }

    /** Reports of files that are not loaded. */
    List<PluginReport> notLoaded() {
        return notLoaded;
    }

    /** A report of each version as it is now. */
    List<PluginReport> loaded(Map<String, Integer> abandonedRuns) {
        return versions.stream().map(version -> {
            var abandoned = abandonedRuns.getOrDefault(version.id(), 0);
            return report(version, abandoned > 0 ? PluginState.UNHEALTHY : PluginState.STARTED, abandoned,
                    Optional.ofNullable(notes.get(version)));
        }).toList();
    }

    /** A report of a version as it is now. */
    static PluginReport report(PluginVersion version, PluginState state, int abandonedRuns, Optional<String> problem) {
        var contents = version.parts().contents();
        return new PluginReport(version.file(), Optional.of(version.id()),
                Optional.of(version.description().version()), state, List.copyOf(contents.agents().keySet()),
                List.copyOf(contents.tools().keySet()), version.leases(), abandonedRuns, problem);
    }

    List<HostedAgent> agents() {
        return entries.values().stream().map(entry -> entry.agent().agent()).toList();
    }

    Optional<AgentLease> lease(String name) {
        return Optional.ofNullable(entries.get(name)).flatMap(entry -> entry.version().lease(entry.agent()));
    }

    boolean hasAgent(String name) {
        return entries.containsKey(name);
    }
}
