package io.insula.plugin.host;

import java.util.HashSet;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells the log what a look has changed. */
final class PluginNews {
    private static final Logger LOG = LoggerFactory.getLogger(PluginNews.class);

    private PluginNews() {}

    /** Writes a line for each version that came, was replaced or went, and for each file newly found not to be loaded. */
    static void tell(LoadedPlugins before, LoadedPlugins after) {
        for (var version : after.versions()) {
            if (!before.versions().contains(version)) {
                came(before.version(version.id()), version);
            }
        }
        for (var version : before.versions()) {
            if (after.version(version.id()).isEmpty()) {
                LOG.info("plugin removed plugin={} version={} runs={}", version.id(), version.description().version(),
                        version.leases());
            }
        }
        var known = new HashSet<>(before.notLoaded());
        after.notLoaded().stream().filter(report -> !known.contains(report)).forEach(PluginNews::notLoaded);
    }

    private static void came(Optional<PluginVersion> before, PluginVersion version) {
        var contents = version.parts().contents();
        if (before.isPresent()) {
            LOG.info("plugin replaced file={} plugin={} version={} before={} runs={} agents={} tools={}",
                    version.file().getFileName(), version.id(), version.description().version(),
                    before.get().description().version(), before.get().leases(), contents.agents().keySet(),
                    contents.tools().keySet());
        } else {
            LOG.info("plugin started file={} plugin={} version={} agents={} tools={}", version.file().getFileName(),
                    version.id(), version.description().version(), contents.agents().keySet(),
                    contents.tools().keySet());
        }
    }

    private static void notLoaded(PluginReport report) {
        var file = report.file().getFileName();
        switch (report.state()) {
            case STARTED, UNHEALTHY, FINISHING -> throw new IllegalStateException("a report of what is loaded");
            case ARRIVING -> LOG.info("plugin arriving file={}", file);
            case WAITING, REFUSED,
                    FAILED -> LOG.warn("plugin not loaded file={} plugin={} version={} state={} problem={}",
                            file, report.id().orElse("?"), report.version().orElse("?"), report.state(),
                            report.problem().orElse(""));
        }
    }
}
