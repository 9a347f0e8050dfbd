package io.insula.plugin.host;

import io.insula.agent.hosting.AgentCatalog;
import io.insula.agent.hosting.AgentLease;
import io.insula.agent.hosting.HostedAgent;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Loads the plugins of one folder and hands out their agents.
 *
 * <pre>{@code
 * try (var host = new PluginHost(settings, Thread.ofPlatform().daemon().name("plugin-start-", 0).factory())) {
 *     host.start();
 *     host.plugins().forEach(report -> ...);
 *     var lease = host.lease("hello");
 * }
 * }</pre>
 *
 * <p>Safe for any number of threads. A host is started once and closed once. Whatever is wrong with a plugin is in its
 * {@linkplain #plugins() report} and in the log, and the others load. The folder is read at start only.
 */
public final class PluginHost implements AgentCatalog, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PluginHost.class);

    private enum Phase {
        NEW, STARTING, STARTED, CLOSED
    }

    /** The phase and what was loaded; every change makes a new one. */
    private record Snapshot(Phase phase, LoadedPlugins loaded) {}

    private final PluginHostSettings settings;
    private final Admission admission;
    private final SupervisedCall supervised;
    private final AtomicReference<Snapshot> snapshot = new AtomicReference<>(
            new Snapshot(Phase.NEW, LoadedPlugins.none()));

    /**
     * Makes a host that has loaded nothing yet.
     *
     * @param threads makes a thread for the code of each plugin while it starts; they must be <strong>daemons</strong>,
     *     and platform threads: one that never returns is interrupted and left behind
     */
    public PluginHost(PluginHostSettings settings, ThreadFactory threads) {
        this(settings, threads, new PluginGate(settings.grants()));
    }

    /** Makes a host with another admission than the gate's: for tests of what holds behind it, and nothing else. */
    PluginHost(PluginHostSettings settings, ThreadFactory threads, Admission admission) {
        this.settings = settings;
        this.admission = admission;
        this.supervised = new SupervisedCall(threads, settings.limits().startTime());
    }

    /**
     * Loads every plugin in the folder, one after the other, and returns when the last is started, refused or given up:
     * for code of plugins it waits at most {@link PluginLimits#startTime} each.
     *
     * @throws IOException if the plugins folder cannot be read or the work folder cannot be emptied
     * @throws IllegalStateException if it was called before
     */
    public void start() throws IOException {
        var fresh = snapshot.get();
        if (fresh.phase() != Phase.NEW
                || !snapshot.compareAndSet(fresh, new Snapshot(Phase.STARTING, LoadedPlugins.none()))) {
            throw new IllegalStateException("a plugin host is started once");
        }
        var starting = snapshot.get();
        var loaded = new FolderLoad(settings, admission, supervised).run();
        loaded.reports().forEach(PluginHost::log);
        if (starting.phase() != Phase.STARTING
                || !snapshot.compareAndSet(starting, new Snapshot(Phase.STARTED, loaded))) {
            loaded.release(); // closed meanwhile
        }
    }

    /** What became of each file in the folder, sorted by file; empty before the start and after the close. */
    public List<PluginReport> plugins() {
        return snapshot.get().loaded().reports();
    }

    @Override
    public List<HostedAgent> agents() {
        return snapshot.get().loaded().agents();
    }

    @Override
    public Optional<AgentLease> lease(String agent) {
        return snapshot.get().loaded().lease(agent);
    }

    /**
     * Takes all agents out of the catalogue. Versions without a lease are closed at once, the others with their last
     * lease. Waits for nothing; later calls do nothing.
     */
    @Override
    public void close() {
        snapshot.getAndSet(new Snapshot(Phase.CLOSED, LoadedPlugins.none())).loaded().release();
    }

    private static void log(PluginReport report) {
        Path file = report.file().getFileName();
        switch (report.state()) {
            case STARTED -> LOG.info("plugin started file={} plugin={} version={} agents={} tools={}", file,
                    report.id().orElse(""), report.version().orElse(""), report.agents(), report.tools());
            case REFUSED, FAILED -> LOG.warn("plugin not loaded file={} plugin={} state={} problem={}", file,
                    report.id().orElse("?"), report.state(), report.problem().orElse(""));
        }
    }
}
