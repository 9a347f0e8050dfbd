package io.insula.plugin.host;

import static io.insula.plugin.host.PluginFolder.settle;
import static io.insula.plugin.host.PluginFolder.told;
import static io.insula.plugin.host.PluginFolder.versionOf;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Replacements that are not to be had: what was running goes on, and the operator sees why. */
final class RefusedSwapTest {
    @TempDir
    Path root;

    private PluginFolder folder;
    private PluginHost host;

    @BeforeEach
    void start() {
        folder = PluginFolder.holding(root, "alpha", "well");
        host = folder
                .start(with(new PluginLimits.Swap(Duration.ofMillis(500), Duration.ofSeconds(10), 3, 3, 1L << 30)));
    }

    private static PluginLimits with(PluginLimits.Swap swap) {
        var limits = PluginLimits.defaults();
        return new PluginLimits(Duration.ofSeconds(3), 3, limits.archiveBytes(), limits.archiveEntries(),
                limits.unpackedBytes(), limits.manifestBytes(), limits.agentsPerPlugin(), limits.toolsPerPlugin(),
                limits.recordComponents(), limits.recordCharacters(), limits.recordDepth(), swap);
    }

    @AfterEach
    void whatWasRunningGoesOnAndAGoodReplacementIsTaken() {
        assertEquals("1.0.0", versionOf(host, "alpha"));
        assertEquals("1.0.0", versionOf(host, "well"));
        folder.put("alpha.jar", PluginSource.versioned("alpha", "9.0.0"));
        settle(host);
        assertEquals("9.0.0", versionOf(host, "alpha"));
        host.close();
    }

    private void assertRefused(PluginState state, String expected) {
        settle(host);
        var reports = host.plugins().stream().filter(report -> report.file().endsWith("alpha.jar")).toList();
        assertEquals(List.of(PluginState.STARTED, state), reports.stream().map(PluginReport::state).toList());
        var problem = reports.getLast().problem().orElseThrow();
        assertTrue(problem.contains(expected), problem);
    }

    @Test
    void garbage() throws IOException {
        Files.writeString(folder.file("alpha.jar"), "no archive at all");
        assertRefused(PluginState.REFUSED, "not a readable archive");
    }

    @Test
    void a_plugin_that_breaks_a_rule() {
        folder.put("alpha.jar", PluginSource.versioned("alpha", "2.0.0").source("demo.alpha.Shared",
                "final class Shared { static int count; }"));
        assertRefused(PluginState.REFUSED, "demo.alpha.Shared");
    }

    @Test
    void a_plugin_without_a_descriptor() {
        folder.put("alpha.jar", PluginSource.versioned("alpha", "2.0.0").without("Plugin-Id"));
        assertRefused(PluginState.REFUSED, "no descriptor");
    }

    @Test
    void another_plugin_in_the_same_file() {
        folder.put("alpha.jar", PluginSource.withAgent("beta"));
        assertRefused(PluginState.REFUSED, "The plugin alpha was loaded from this file and goes on.");
    }

    @Test
    void modules_that_do_not_fit_together() {
        folder.put("alpha.jar", PluginSource.versioned("alpha", "2.0.0").moduleBody("requires java.sql;"));
        assertRefused(PluginState.REFUSED, "java.sql");
    }

    @Test
    void classes_that_throw_when_they_are_loaded() {
        folder.put("alpha.jar", throwing("if (true) { throw new IllegalStateException(); }"));
        assertRefused(PluginState.FAILED, "threw java.lang.ExceptionInInitializerError while it was loaded");
    }

    @Test
    void classes_that_never_come_to_an_end_hold_nobody_else_up_for_longer_than_their_limit() {
        folder.put("alpha.jar", throwing("while (AgentInfo.class != null) { Thread.onSpinWait(); }"));
        folder.put("zeta.jar", PluginSource.withAgent("zeta"));
        assertRefused(PluginState.FAILED, "did not come to an end within PT3S");
        assertEquals("1.0.0", versionOf(host, "zeta"));

        // It is not tried again for nothing, and does not keep others waiting again.
        folder.put("zeta.jar", PluginSource.versioned("zeta", "2.0.0"));
        var before = System.nanoTime();
        settle(host);
        assertTrue(System.nanoTime() - before < Duration.ofSeconds(3).toNanos());
        assertEquals("2.0.0", versionOf(host, "zeta"));
    }

    private static PluginSource throwing(String initialiser) {
        return PluginSource.of("alpha", "demo.alpha").manifest("Plugin-Version", "2.0.0")
                .extension("demo.alpha.TheAgent", """
                        @AgentInfo(name = "alpha", summary = "s") final class TheAgent implements Agent {
                            static { %s }
                            @Override public AgentResult run(AgentContext context) { return AgentResult.done(); }
                        }
                        """.formatted(initialiser));
    }

    @Test
    void an_agent_of_a_name_that_another_plugin_has() {
        folder.put("alpha.jar", PluginSource.versioned("alpha", "2.0.0").agent("demo.alpha.Well", "well",
                "return AgentResult.done();"));
        assertRefused(PluginState.REFUSED, "Its agent \"well\" has the name of an agent of plugin well.");
    }

    @Test
    void a_file_more_than_there_may_be_whatever_its_name() {
        folder.put("b.jar", PluginSource.withAgent("b"));
        settle(host);
        folder.put("a.jar", PluginSource.withAgent("a"));
        settle(host);

        assertEquals(List.of("a.jar ? ? REFUSED", "alpha.jar alpha 1.0.0 STARTED", "b.jar b 1.0.0 STARTED",
                "well.jar well 1.0.0 STARTED"), told(host));
        assertTrue(PluginFolder.report(host, "a.jar").problem().orElseThrow().contains("more than 3 plugins"));
        folder.remove("b.jar");
        settle(host);
        settle(host);
        assertEquals("1.0.0", versionOf(host, "a"));
    }
}
