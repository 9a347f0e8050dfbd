package io.insula.plugin.host;

import static io.insula.plugin.host.PluginFolder.settle;
import static io.insula.plugin.host.PluginFolder.told;
import static io.insula.plugin.host.PluginFolder.versionOf;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.insula.agent.hosting.AgentLease;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What holds for old versions, and each limit of a swap, met exactly and passed by one. */
final class SwapLimitsTest {
    @TempDir
    Path root;

    private PluginFolder folder;

    @BeforeEach
    void makeFolder() {
        folder = PluginFolder.holding(root, "alpha");
    }

    private PluginHost start(PluginLimits.Swap swap) {
        var limits = PluginLimits.defaults();
        return folder.start(new PluginLimits(Duration.ofSeconds(2), limits.plugins(), limits.archiveBytes(),
                limits.archiveEntries(), limits.unpackedBytes(), limits.manifestBytes(), limits.agentsPerPlugin(),
                limits.toolsPerPlugin(), limits.recordComponents(), limits.recordCharacters(), limits.recordDepth(),
                swap));
    }

    private static PluginLimits.Swap swap(Duration stopTime, int finishingVersions, long copiesBytes) {
        return new PluginLimits.Swap(Duration.ofMillis(500), stopTime, finishingVersions, 3, copiesBytes);
    }

    private void replace(PluginHost host, String version) {
        folder.put("alpha.jar", PluginSource.versioned("alpha", version));
        settle(host);
    }

    @Test
    void the_versions_of_a_plugin_that_are_still_held() {
        try (var host = start(swap(Duration.ofSeconds(10), 2, 1 << 30))) {
            var leases = new ArrayList<AgentLease>();
            for (var version : List.of("2.0.0", "3.0.0")) {
                leases.add(host.lease("alpha").orElseThrow());
                replace(host, version);
                assertEquals(version, versionOf(host, "alpha"));
            }

            leases.add(host.lease("alpha").orElseThrow());
            replace(host, "4.0.0");
            assertEquals("3.0.0", versionOf(host, "alpha"));
            assertTrue(told(host).contains("alpha.jar alpha 4.0.0 WAITING"), () -> told(host).toString());

            leases.getFirst().close();
            settle(host);
            assertEquals("4.0.0", versionOf(host, "alpha"));
            leases.forEach(AgentLease::close);
            assertEquals(List.of("alpha.jar alpha 4.0.0 STARTED"), told(host));
        }
    }

    @Test
    void the_bytes_of_all_copies() throws Exception {
        var bytes = Files.size(folder.file("alpha.jar"));
        PluginSource.withAgent("beta").jarAs(root.resolve("beta"));
        var both = bytes + Files.size(root.resolve("beta"));
        try (var host = start(swap(Duration.ofSeconds(10), 3, both))) {
            folder.put("beta.jar", PluginSource.withAgent("beta"));
            settle(host);
            assertEquals("1.0.0", versionOf(host, "beta"));
        }
        try (var host = start(swap(Duration.ofSeconds(10), 3, both - 1))) {
            assertEquals(List.of("alpha.jar alpha 1.0.0 STARTED", "beta.jar ? ? WAITING"), told(host));
            assertTrue(PluginFolder.report(host, "beta.jar").problem().orElseThrow()
                    .contains("larger than " + (both - 1) + " bytes"));
            folder.remove("alpha.jar");
            settle(host);
            settle(host);
            assertEquals(List.of("beta.jar beta 1.0.0 STARTED"), told(host));
        }
    }

    @Test
    void whoever_keeps_something_of_a_version_lets_go_before_it_is_unloaded() {
        var told = new AtomicReference<ClassLoader>();
        try (var host = start(swap(Duration.ofSeconds(10), 3, 1 << 30))) {
            host.beforeUnload(loader -> {
                // Still open: what is kept of it needs its classes to be closed.
                if (loader.getResource("META-INF/extensions.idx") != null) {
                    told.set(loader);
                }
            });
            var lease = host.lease("alpha").orElseThrow();
            var loader = lease.loader();
            replace(host, "2.0.0");
            assertEquals(null, told.get());

            lease.close();
            Await.until("it is unloaded", () -> told(host).equals(List.of("alpha.jar alpha 2.0.0 STARTED")));
            assertEquals(loader, told.get());
        }
    }

    @Test
    void a_keeper_that_never_returns_is_given_up_and_its_version_counts_until_it_does() {
        var mayReturn = new CountDownLatch(1);
        try (var host = start(swap(Duration.ofMillis(50), 1, 1 << 30))) {
            host.beforeUnload(loader -> {
                while (mayReturn.getCount() > 0) {
                    Thread.onSpinWait();
                }
            });
            replace(host, "2.0.0");
            Await.until("its copy is deleted", () -> folder.copies().size() == 1);

            replace(host, "3.0.0");
            assertEquals("2.0.0", versionOf(host, "alpha"));
            mayReturn.countDown();
            Await.until("the next version is loaded", () -> {
                settle(host);
                return versionOf(host, "alpha").equals("3.0.0");
            });
        }
    }

    @Test
    void a_start_that_never_returns_counts_like_a_version() {
        try (var host = start(swap(Duration.ofSeconds(10), 1, 1 << 30))) {
            for (var version : List.of("2.0.0", "3.0.0")) {
                folder.put("alpha.jar", PluginSource.of("alpha", "demo.alpha").manifest("Plugin-Version", version)
                        .extension("demo.alpha.TheAgent", """
                                @AgentInfo(name = "alpha", summary = "s") final class TheAgent implements Agent {
                                    static { while (AgentInfo.class != null) { Thread.onSpinWait(); } }
                                    @Override public AgentResult run(AgentContext context) { return AgentResult.done(); }
                                }
                                """));
                settle(host);
            }
            assertEquals(List.of("alpha.jar alpha 1.0.0 STARTED", "alpha.jar alpha 3.0.0 WAITING"), told(host));
        }
    }

    @Test
    void limits_are_above_zero() {
        assertThrows(IllegalArgumentException.class, () -> swap(Duration.ZERO, 1, 1));
        assertThrows(IllegalArgumentException.class, () -> swap(Duration.ofSeconds(1), 0, 1));
        assertThrows(IllegalArgumentException.class, () -> swap(Duration.ofSeconds(1), 1, 0));
        assertThrows(IllegalArgumentException.class,
                () -> new PluginLimits.Swap(Duration.ZERO, Duration.ofSeconds(1), 1, 1, 1));
        assertThrows(IllegalArgumentException.class,
                () -> new PluginLimits.Swap(Duration.ofSeconds(1), Duration.ofSeconds(1), 1, 0, 1));
    }
}
