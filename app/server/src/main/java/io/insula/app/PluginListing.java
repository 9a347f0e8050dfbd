package io.insula.app;

import io.insula.plugin.host.PluginReport;
import io.insula.plugin.host.PluginState;
import java.util.List;
import java.util.Locale;

/** What the platform tells operators of its plugins. */
final class PluginListing {
    private PluginListing() {}

    /** An object with the reports in their order. */
    static String json(List<PluginReport> reports) {
        var root = Json.object();
        var plugins = root.putArray("plugins");
        for (var report : reports) {
            var plugin = plugins.addObject();
            plugin.put("file", String.valueOf(report.file().getFileName()));
            report.id().ifPresent(id -> plugin.put("id", id));
            report.version().ifPresent(version -> plugin.put("version", version));
            plugin.put("state", word(report.state()));
            plugin.put("runs", report.runs());
            plugin.put("abandonedRuns", report.abandonedRuns());
            var agents = plugin.putArray("agents");
            report.agents().forEach(agents::add);
            var tools = plugin.putArray("tools");
            report.tools().forEach(tools::add);
            report.problem().ifPresent(problem -> plugin.put("problem", problem));
        }
        return root.toString();
    }

    private static String word(PluginState state) {
        return switch (state) {
            case STARTED -> "running";
            case UNHEALTHY, FINISHING, ARRIVING, WAITING, REFUSED, FAILED -> state.name().toLowerCase(Locale.ROOT);
        };
    }
}
