package io.insula.plugin.host;

import io.insula.agent.hosting.AgentCatalog;
import io.insula.agent.hosting.AgentLease;
import io.insula.agent.hosting.HostedAgent;
import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Loads the plugins of one folder, hands out their agents, and follows what changes in the folder.
 *
 * <pre>{@code
 * try (var host = new PluginHost(settings, Thread.ofPlatform().daemon().name("plugin-start-", 0).factory())) {
 *     host.start();
 *     host.watch();
 *     host.plugins().forEach(report -> ...);
 *     var lease = host.lease("hello");
 * }
 * }</pre>
 *
 * <p>Safe for any number of threads. A host is started once and closed once. Whatever is wrong with a plugin is in its
 * {@linkplain #plugins() report} and in the log, and the others load. A change takes effect when two looks in a row have
 * seen it; leases stay with the version they were taken of, and what is refused leaves what was running as it was.
 */
public final class PluginHost implements AgentCatalog, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PluginHost.class);

    private enum Phase {
        NEW, STARTING, STARTED, CLOSED
    }

    /** The phase and what was loaded; every change makes a new one. */
    private record Snapshot(Phase phase, LoadedPlugins loaded) {}

    private final PluginHostSettings settings;
    private final SupervisedCall starting;
    private final OldVersions old = new OldVersions();
    private final VersionEnd end;
    private final WatchedFolder folder;
    private final ScheduledExecutorService looks;
    private final Map<String, Integer> abandonedRuns = new ConcurrentHashMap<>();
    /** Whether somebody uses what is of the thread that looks; after the close, somebody does for good. */
    private final AtomicBoolean looking = new AtomicBoolean();
    private final AtomicReference<Snapshot> snapshot = new AtomicReference<>(
            new Snapshot(Phase.NEW, LoadedPlugins.none()));
    // Like the folder, used by who looks alone; the first look is that of the start.
    private long goneAtLastLook;

    /**
     * Makes a host that has loaded nothing yet.
     *
     * @param threads makes the thread that looks, and a thread for the code of each plugin while it is loaded and
     *     unloaded; they must be <strong>daemons</strong>, and platform threads: one that never returns is interrupted
     *     and left behind
     */
    public PluginHost(PluginHostSettings settings, ThreadFactory threads) {
        this(settings, threads, new PluginGate(settings.grants()));
    }

    /** Makes a host with another admission than the gate's: for tests of what holds behind it, and nothing else. */
    PluginHost(PluginHostSettings settings, ThreadFactory threads, Admission admission) {
        this.settings = settings;
        this.starting = SupervisedCall.whileLoading(threads, settings.limits().startTime(),
                settings.limits().swap().startAttempts());
        this.end = new VersionEnd(threads,
                SupervisedCall.whileUnloading(threads, settings.limits().swap().stopTime()), old);
        this.folder = new WatchedFolder(settings, admission);
        this.looks = new ScheduledThreadPoolExecutor(1, threads);
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
        var begun = new Snapshot(Phase.STARTING, LoadedPlugins.none());
        if (fresh.phase() != Phase.NEW || !snapshot.compareAndSet(fresh, begun)) {
            throw new IllegalStateException("a plugin host is started once");
        }
        looking.set(true);
        try {
            folder.empty();
            folder.look(true, false);
            swap(begun);
        } finally {
            looking.set(false);
            letGoIfClosed();
        }
    }

    /**
     * From now on looks at the folder again and again, in a thread of its own, until it is closed. Called once, after the
     * start.
     */
    public void watch() {
        var interval = settings.limits().swap().lookInterval().toNanos();
        var _ = looks.scheduleWithFixedDelay(this::lookAndTell, interval, interval, TimeUnit.NANOSECONDS);
    }

    private void lookAndTell() {
        try {
            look();
        } catch (IOException e) {
            if (snapshot.get().phase() == Phase.CLOSED) {
                return; // the close interrupts a look
            }
            LOG.warn("plugins folder cannot be read folder={}", settings.pluginsFolder(), e);
        } catch (RuntimeException | Error e) {
            // One that is let go would end the looking for good.
            LOG.error("plugins cannot be looked after", e);
        }
    }

    /**
     * Looks at the folder once, and loads and lets go of what two looks in a row have seen. Does nothing before the start,
     * after the close, and while another look is under way.
     *
     * @throws IOException if the folder cannot be read; nothing is changed then
     */
    void look() throws IOException {
        if (!looking.compareAndSet(false, true)) {
            return;
        }
        try {
            var before = snapshot.get();
            if (before.phase() == Phase.STARTED) {
                look(before);
            }
        } finally {
            looking.set(false);
            letGoIfClosed();
        }
    }

    private void letGoIfClosed() {
        if (snapshot.get().phase() == Phase.CLOSED && looking.compareAndSet(false, true)) {
            folder.letGo();
        }
    }

    private void look(Snapshot before) throws IOException {
        var gone = old.gone();
        var something = gone != goneAtLastLook;
        goneAtLastLook = gone;
        if (folder.look(false, something) || something) {
            swap(before);
        }
    }

    /** Puts what the folder asks for in the place of what is loaded, all at once. */
    private void swap(Snapshot before) {
        var running = before.loaded().versions();
        var starts = new PluginStarts(settings.limits(), starting, old, end);
        var after = LoadedPlugins.of(new SwapPlan(running, folder, starts).make(), folder);
        if (!snapshot.compareAndSet(before, new Snapshot(Phase.STARTED, after))) {
            // Closed meanwhile, and with it what was running.
            after.versions().stream().filter(version -> !running.contains(version)).forEach(PluginVersion::release);
            return;
        }
        PluginNews.tell(before.loaded(), after);
        var dropped = running.stream().filter(version -> !after.versions().contains(version)).toList();
        dropped.forEach(old::add);
        dropped.reversed().forEach(PluginVersion::release);
    }

    /**
     * What became of each file in the folder, and of each version that was replaced or removed and is still held, sorted
     * by file; of no file before the start and after the close.
     */
    public List<PluginReport> plugins() {
        var loaded = snapshot.get().loaded();
        var running = loaded.versions();
        var finishing = old.versions().stream().filter(version -> !running.contains(version))
                .map(version -> LoadedPlugins.report(version, PluginState.FINISHING,
                        abandonedRuns.getOrDefault(version.id(), 0), Optional.empty()));
        return Stream
                .concat(Stream.concat(loaded.loaded(abandonedRuns).stream(), loaded.notLoaded().stream()), finishing)
                .sorted(Comparator.comparing(PluginReport::file).thenComparing(PluginReport::state)).toList();
    }

    @Override
    public List<HostedAgent> agents() {
        return snapshot.get().loaded().agents();
    }

    @Override
    public Optional<AgentLease> lease(String agent) {
        while (true) {
            var seen = snapshot.get();
            var lease = seen.loaded().lease(agent);
            // A version that closed in this very moment has a successor by now, or its agent is gone: look again.
            if (lease.isPresent() || !seen.loaded().hasAgent(agent)) {
                return lease;
            }
        }
    }

    @Override
    public void beforeUnload(Consumer<ClassLoader> keeper) {
        end.addKeeper(keeper);
    }

    @Override
    public void runAbandoned(String plugin) {
        abandonedRuns.merge(plugin, 1, Integer::sum);
    }

    @Override
    public void abandonedRunEnded(String plugin) {
        abandonedRuns.computeIfPresent(plugin, (id, count) -> count == 1 ? null : count - 1);
    }

    /**
     * Takes all agents out of the catalogue and looks no more. Versions without a lease are closed at once, the others
     * with their last lease; copies of files are deleted when nobody uses them. Waits for nothing; later calls do
     * nothing.
     */
    @Override
    public void close() {
        var before = snapshot.getAndSet(new Snapshot(Phase.CLOSED, LoadedPlugins.none()));
        if (before.phase() == Phase.CLOSED) {
            return;
        }
        looks.shutdownNow();
        // Those that need others first.
        before.loaded().versions().reversed().forEach(PluginVersion::release);
        letGoIfClosed();
    }
}
