package io.insula.plugin.host;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.insula.agent.rules.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.concurrent.ThreadFactory;

/** A plugins folder in a test, and hosts that load it. */
final class PluginFolder {
    static final ThreadFactory DAEMONS = Thread.ofPlatform().daemon().name("plugin-start-", 0).factory();

    private final Path plugins;
    private final Path work;
    private final boolean gate;

    PluginFolder(Path root) {
        this(root, true);
    }

    private PluginFolder(Path root, boolean gate) {
        this.gate = gate;
        try {
            this.plugins = Files.createDirectory(root.resolve("plugins"));
            this.work = root.resolve("work");
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** A folder that holds a plugin of each of these ids, in version 1.0.0 and with one agent of the same name. */
    static PluginFolder holding(Path root, String... ids) {
        var folder = new PluginFolder(root);
        for (var id : ids) {
            folder.put(id + ".jar", PluginSource.versioned(id, "1.0.0"));
        }
        return folder;
    }

    /** Puts a plugin's jar into the folder whole, in the place of what has the name. */
    void put(String name, PluginSource plugin) {
        put(name, plugin.jarAs(plugins.resolveSibling("whole")));
    }

    /** Puts a file into the folder whole. */
    void put(String name, Path whole) {
        try {
            Files.move(whole, file(name), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    void remove(String name) {
        try {
            Files.delete(file(name));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** Has the host see what changed: looks twice. */
    static void settle(PluginHost host) {
        look(host);
        look(host);
    }

    static void look(PluginHost host) {
        try {
            host.look();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** What is told of the files, each as {@code file id version state}. */
    static List<String> told(PluginHost host) {
        return host.plugins().stream().map(report -> report.file().getFileName() + " " + report.id().orElse("?") + " "
                + report.version().orElse("?") + " " + report.state()).toList();
    }

    /** The version that a new run of an agent would get; empty if there is no such agent. */
    static String versionOf(PluginHost host, String agent) {
        try (var lease = host.lease(agent).orElse(null)) {
            return lease == null ? "" : lease.agent().version();
        }
    }

    Path path() {
        return plugins;
    }

    Path work() {
        return work;
    }

    /** The private copies there are, each a folder. */
    List<Path> copies() {
        try (var copies = Files.list(work)) {
            return copies.toList();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    Path file(String name) {
        return plugins.resolve(name);
    }

    PluginHost start() {
        return start(PluginLimits.defaults());
    }

    PluginHost start(PluginLimits limits) {
        var settings = settings(limits, PluginGrants.none());
        return started(gate ? new PluginHost(settings, DAEMONS)
                : new PluginHost(settings, DAEMONS, (staged, description) -> Verdict.ofNothing()));
    }

    /** Starts a host that grants something. */
    PluginHost start(PluginGrants grants) {
        return started(new PluginHost(settings(PluginLimits.defaults(), grants), DAEMONS));
    }

    /** A folder whose hosts admit every plugin: for what must hold behind the gate. */
    static PluginFolder withoutGate(Path root) {
        return new PluginFolder(root, false);
    }

    PluginHostSettings settings(PluginLimits limits, PluginGrants grants) {
        return new PluginHostSettings(plugins, work, "0.1.0", limits, grants);
    }

    private static PluginHost started(PluginHost host) {
        try {
            host.start();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return host;
    }

    /** Starts a host, expects the file not to be loaded, and returns why. */
    String problemOf(String file, PluginState expected) {
        return problemOf(file, expected, PluginLimits.defaults());
    }

    String problemOf(String file, PluginState expected, PluginLimits limits) {
        try (var host = start(limits)) {
            var report = report(host, file);
            assertEquals(expected, report.state(), () -> "report: " + report);
            return report.problem().orElseThrow();
        }
    }

    static PluginReport report(PluginHost host, String file) {
        return host.plugins().stream().filter(report -> report.file().endsWith(file)).findFirst()
                .orElseThrow(() -> new AssertionError("no report of " + file + " in " + host.plugins()));
    }
}
