package io.insula.app;

import io.insula.plugin.host.PluginHost;
import io.insula.plugin.host.PluginHostSettings;
import io.insula.plugin.host.PluginReport;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * {@code insula plugin list}: loads the plugins in this process, as a server would, and tells what became of each. It
 * succeeds whatever it has to tell; a program that wants to know reads the states.
 */
final class PluginListCommand {
    private static final List<String> HEADINGS = List.of("PLUGIN", "VERSION", "STATE", "AGENTS", "FILE");

    private final Surroundings surroundings;

    PluginListCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    ExitCode run(Configuration configuration, boolean json) throws FailedException {
        // Not in the data folder: a server that runs at the same time has its copies there.
        try (var work = TemporaryFolder.make("insula-plugin-list-")) {
            var reports = load(configuration, work.path());
            if (json) {
                surroundings.output().println(json(reports));
            } else {
                print(configuration, reports);
            }
            return ExitCode.DONE;
        } catch (IOException e) {
            throw new FailedException(
                    "The plugins in " + configuration.plugins() + " cannot be read (" + DataFolder.reason(e)
                            + ").",
                    e);
        }
    }

    private static List<PluginReport> load(Configuration configuration, Path work) throws IOException {
        var settings = new PluginHostSettings(
                configuration.plugins(), work.resolve("plugins"), Version.number(), configuration.pluginLimits(),
                configuration.grants());
        try (var host = new PluginHost(settings, Thread.ofPlatform().daemon(true).name("plugin-", 0).factory())) {
            host.start();
            return host.plugins();
        }
    }

    private void print(Configuration configuration, List<PluginReport> reports) {
        var output = surroundings.output();
        if (reports.isEmpty()) {
            output.println("No plugins are in " + configuration.plugins() + ".");
            return;
        }
        var rows = new ArrayList<List<String>>();
        rows.add(HEADINGS);
        reports.forEach(report -> rows.add(List.of(
                PrintableText.line(report.id().orElse("?"), 64),
                PrintableText.line(report.version().orElse("?"), 32),
                word(report),
                PrintableText.line(report.agents().isEmpty() ? "-" : String.join(", ", report.agents()), 200),
                PrintableText.line(file(report), 200))));
        rows.forEach(row -> output.println(padded(row, rows)));
        reports.forEach(report -> report.problem().ifPresent(problem -> output
                .println("\n" + PrintableText.line(file(report), 200) + ": " + PrintableText.line(problem, 1_000))));
    }

    private static String padded(List<String> row, List<List<String>> rows) {
        var line = new StringBuilder();
        for (int i = 0; i < row.size(); i++) {
            var column = i;
            var width = rows.stream().mapToInt(other -> other.get(column).length()).max().orElse(0);
            line.append(row.get(i)).append(" ".repeat(width - row.get(i).length() + 2));
        }
        return line.toString().stripTrailing();
    }

    private static String json(List<PluginReport> reports) {
        var root = Json.object();
        var plugins = root.putArray("plugins");
        for (var report : reports) {
            var plugin = plugins.addObject();
            plugin.put("file", file(report));
            report.id().ifPresent(id -> plugin.put("id", id));
            report.version().ifPresent(version -> plugin.put("version", version));
            plugin.put("state", word(report));
            var agents = plugin.putArray("agents");
            report.agents().forEach(agents::add);
            var tools = plugin.putArray("tools");
            report.tools().forEach(tools::add);
            report.problem().ifPresent(problem -> plugin.put("problem", problem));
        }
        return root.toPrettyString();
    }

    private static String word(PluginReport report) {
        return report.state().name().toLowerCase(Locale.ROOT);
    }

    private static String file(PluginReport report) {
        return String.valueOf(report.file().getFileName());
    }
}
