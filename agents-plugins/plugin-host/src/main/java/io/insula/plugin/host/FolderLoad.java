package io.insula.plugin.host;

import static java.util.Objects.requireNonNull;

import io.insula.agent.hosting.HostedAgent;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Loads all plugins of a folder once, each on its own: what one does leaves the others alone. Used by one thread. */
final class FolderLoad {
    private static final Logger LOG = LoggerFactory.getLogger(FolderLoad.class);

    /** A plugin whose descriptor is read. */
    private record Candidate(StagedPlugin staged, PluginDescription description) {}

    private final PluginHostSettings settings;
    private final Admission admission;
    private final SupervisedCall supervised;
    private final PluginIntake intake;
    private final Map<String, Candidate> candidates = new LinkedHashMap<>();
    private final Map<String, PluginVersion> started = new LinkedHashMap<>();
    private final Map<Path, PluginReport> reports = new TreeMap<>();

    FolderLoad(PluginHostSettings settings, Admission admission, SupervisedCall supervised) {
        this.settings = settings;
        this.admission = admission;
        this.supervised = supervised;
        this.intake = new PluginIntake(settings);
    }

    LoadedPlugins run() throws IOException {
        intake.emptyWorkFolder();
        var number = 0;
        for (var file : files()) {
            number++;
            takeIn(file, number);
        }
        var order = new DependencyOrder(candidates.values().stream().map(Candidate::description).toList());
        for (var id : order.sorted()) {
            start(candidate(id));
        }
        for (var candidate : candidates.values()) {
            var circle = order.circleOf(candidate.description().id());
            if (circle != null) {
                candidate.staged().discard();
                report(candidate, PluginProblem.refused("It needs itself by way of others: " + circle + "."));
            }
        }
        return new LoadedPlugins(started.values(), List.copyOf(reports.values()));
    }

    private List<Path> files() throws IOException {
        try {
            return intake.files();
        } catch (PluginProblem problem) {
            report(settings.pluginsFolder(), Optional.empty(), problem);
            return List.of();
        }
    }

    private void takeIn(Path file, int number) {
        Optional<StagedPlugin> staged = Optional.empty();
        Optional<PluginDescription> described = Optional.empty();
        try {
            if (number > settings.limits().plugins()) {
                throw PluginProblem.refused("The folder holds more than " + settings.limits().plugins()
                        + " plugins, the limit; this one comes later by its name.");
            }
            staged = Optional.of(intake.take(file, number));
            var description = PluginDescription.of(staged.get(), settings.platformVersion());
            described = Optional.of(description);
            var other = candidates.get(description.id());
            if (other != null) {
                throw PluginProblem.refused("The file " + other.staged().file().getFileName()
                        + " is the plugin " + description.id() + " already, in version " + other.description().version()
                        + ". Keep one of the two.");
            }
            var candidate = new Candidate(staged.get(), description);
            admit(candidate);
            candidates.put(description.id(), candidate);
        } catch (PluginProblem problem) {
            staged.ifPresent(StagedPlugin::discard);
            report(file, described, problem);
        } catch (IOException | RuntimeException e) {
            LOG.warn("plugin cannot be read file={}", file.getFileName(), e);
            staged.ifPresent(StagedPlugin::discard);
            report(file, described, PluginProblem.refused("It cannot be read: " + e.getClass().getSimpleName()
                    + ". The log says more."));
        }
    }

    private void admit(Candidate candidate) throws IOException, PluginProblem {
        var verdict = admission.judge(candidate.staged(), candidate.description());
        if (!verdict.accepted()) {
            throw PluginProblem.refused(verdict);
        }
    }

    private void start(Candidate candidate) {
        var agents = new HashMap<String, HostedAgent>();
        started.values().forEach(version -> version.parts().contents().agents()
                .forEach((name, agent) -> agents.put(name, agent.agent())));
        var start =
                new PluginStart(candidate.staged(), candidate.description(), Map.copyOf(started), Map.copyOf(agents),
                        settings.limits());
        try {
            var version = supervised.run(candidate.description().id(), start::run, PluginVersion::release);
            started.put(version.id(), version);
            var contents = version.parts().contents();
            report(candidate, PluginState.STARTED, List.copyOf(contents.agents().keySet()),
                    List.copyOf(contents.tools().keySet()), Optional.empty());
        } catch (PluginProblem problem) {
            candidate.staged().discard();
            report(candidate, problem);
        }
    }

    private Candidate candidate(String id) {
        return requireNonNull(candidates.get(id), "the order has candidates only");
    }

    private void report(Candidate candidate, PluginProblem problem) {
        report(candidate, problem.state(), List.of(), List.of(), Optional.of(problem.getMessage()));
    }

    private void report(Candidate candidate, PluginState state, List<String> agents, List<String> tools,
            Optional<String> problem) {
        var description = candidate.description();
        var file = candidate.staged().file();
        reports.put(file,
                new PluginReport(file, Optional.of(description.id()), Optional.of(description.version()), state,
                        agents, tools, problem));
    }

    private void report(Path file, Optional<PluginDescription> described, PluginProblem problem) {
        reports.put(file, new PluginReport(file, described.map(PluginDescription::id),
                described.map(PluginDescription::version), problem.state(), List.of(), List.of(),
                Optional.of(problem.getMessage())));
    }
}
