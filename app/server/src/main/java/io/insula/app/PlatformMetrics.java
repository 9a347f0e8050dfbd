package io.insula.app;

import static io.insula.transport.websocket.Measurement.Kind.COUNTER;
import static io.insula.transport.websocket.Measurement.Kind.GAUGE;

import io.insula.engine.api.UserExecutionEngine;
import io.insula.plugin.host.PluginHost;
import io.insula.plugin.host.PluginReport;
import io.insula.plugin.host.PluginState;
import io.insula.transport.websocket.Measurement;
import io.insula.transport.websocket.WebSocketTransport;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;

/** What operators can watch of the whole platform. Safe for any number of threads. */
final class PlatformMetrics {
    private static final double MILLIS = 1_000;

    private final UserExecutionEngine.Directory engines;
    private final WebSocketTransport transport;
    private final PluginHost plugins;

    PlatformMetrics(UserExecutionEngine.Directory engines, WebSocketTransport transport, PluginHost plugins) {
        this.engines = engines;
        this.transport = transport;
        this.plugins = plugins;
    }

    /** Everything, as it is now. Does not block. */
    List<Measurement> all() {
        var all = new ArrayList<Measurement>();
        all.addAll(ofEngines());
        all.addAll(transport.measurements());
        all.addAll(ofPlugins());
        all.addAll(ofProcess());
        return all;
    }

    private List<Measurement> ofEngines() {
        var figures = engines.figures();
        return List.of(
                Measurement.of("insula_ready", GAUGE, "1 if new work is taken in.",
                        engines.readiness().isReady() ? 1 : 0),
                Measurement.of("insula_engines", GAUGE, "Engines of users in memory.", figures.engines()),
                Measurement.of("insula_runs_unfinished", GAUGE, "Accepted runs that have not ended.",
                        figures.runsUnfinished()),
                Measurement.of("insula_runs_at_work", GAUGE, "Runs that are at work.", figures.runsAtWork()),
                Measurement.of("insula_journal_waiting_bytes", GAUGE, "What waits to be written to the journal.",
                        figures.waitingBytes()),
                Measurement.of("insula_journal_kept_bytes", GAUGE, "What the journal keeps, about.",
                        figures.journalBytes()));
    }

    private List<Measurement> ofPlugins() {
        var states = new TreeMap<String, Double>();
        for (var state : PluginState.values()) {
            states.put(state.name().toLowerCase(Locale.ROOT).replace('_', '-'), 0.0);
        }
        List<PluginReport> reports = plugins.plugins();
        reports.forEach(report -> states.merge(
                report.state().name().toLowerCase(Locale.ROOT).replace('_', '-'), 1.0, Double::sum));
        var runs = reports.stream().mapToInt(PluginReport::runs).sum();
        var abandoned = reports.stream().mapToInt(PluginReport::abandonedRuns).sum();
        return List.of(
                new Measurement("insula_plugins", GAUGE, "Files and versions of plugins.", "state", states),
                Measurement.of("insula_plugin_holds", GAUGE, "How many times runs have hold of a plugin.", runs),
                Measurement.of("insula_runs_abandoned", GAUGE, "Runs that ignore their stop.", abandoned));
    }

    private static List<Measurement> ofProcess() {
        var memory = ManagementFactory.getMemoryMXBean();
        var heap = memory.getHeapMemoryUsage();
        var collectors = ManagementFactory.getGarbageCollectorMXBeans();
        return List.of(
                Measurement.of("jvm_heap_used_bytes", GAUGE, "Heap in use.", heap.getUsed()),
                Measurement.of("jvm_heap_max_bytes", GAUGE, "The most heap there may be.", heap.getMax()),
                Measurement.of("jvm_nonheap_used_bytes", GAUGE, "Memory of the virtual machine beside the heap.",
                        memory.getNonHeapMemoryUsage().getUsed()),
                Measurement.of("jvm_platform_threads", GAUGE, "Platform threads.",
                        ManagementFactory.getThreadMXBean().getThreadCount()),
                Measurement.of("jvm_classes_loaded", GAUGE, "Classes that are loaded.",
                        ManagementFactory.getClassLoadingMXBean().getLoadedClassCount()),
                Measurement.of("jvm_collections_total", COUNTER, "How often the heap was collected.",
                        collectors.stream().mapToLong(GarbageCollectorMXBean::getCollectionCount).sum()),
                Measurement.of("jvm_collection_seconds_total", COUNTER, "Time for collecting the heap.",
                        collectors.stream().mapToLong(GarbageCollectorMXBean::getCollectionTime).sum() / MILLIS),
                Measurement.of("process_uptime_seconds", GAUGE, "How long the process lives.",
                        ManagementFactory.getRuntimeMXBean().getUptime() / MILLIS));
    }
}
