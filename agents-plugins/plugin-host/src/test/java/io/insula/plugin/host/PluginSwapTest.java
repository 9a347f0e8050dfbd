package io.insula.plugin.host;

import static io.insula.plugin.host.PluginFolder.look;
import static io.insula.plugin.host.PluginFolder.settle;
import static io.insula.plugin.host.PluginFolder.told;
import static io.insula.plugin.host.PluginFolder.versionOf;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.insula.agent.hosting.AgentLease;
import io.insula.agent.rules.Verdict;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that come, change and go while the host runs; each test drives the looks itself. */
final class PluginSwapTest {
    @TempDir
    Path root;

    private PluginFolder folder;
    private PluginHost host;

    @BeforeEach
    void start() {
        folder = PluginFolder.holding(root, "alpha");
        host = folder.start();
    }

    @AfterEach
    void stop() {
        host.close();
        Await.until("no copy is left", () -> folder.copies().isEmpty());
    }

    @Test
    void a_file_that_comes_is_loaded_when_two_looks_in_a_row_saw_it() {
        folder.put("beta.jar", PluginSource.withAgent("beta"));

        look(host);
        assertEquals(List.of("alpha.jar alpha 1.0.0 STARTED", "beta.jar ? ? ARRIVING"), told(host));
        look(host);
        assertEquals(List.of("alpha.jar alpha 1.0.0 STARTED", "beta.jar beta 1.0.0 STARTED"), told(host));
    }

    @Test
    void a_file_that_still_grows_is_not_taken() throws IOException {
        var whole = Files.readAllBytes(PluginSource.withAgent("beta").jarAs(root.resolve("beta")));
        var half = whole.length / 2;
        Files.write(folder.file("beta.jar"), Arrays.copyOf(whole, half));
        look(host);
        Files.write(folder.file("beta.jar"), Arrays.copyOfRange(whole, half, whole.length - 1),
                StandardOpenOption.APPEND);
        look(host);
        Files.write(folder.file("beta.jar"), new byte[]{whole[whole.length - 1]}, StandardOpenOption.APPEND);
        look(host);
        assertEquals(List.of("alpha.jar alpha 1.0.0 STARTED", "beta.jar ? ? ARRIVING"), told(host));

        look(host);
        assertEquals("1.0.0", versionOf(host, "beta"));
    }

    @Test
    void a_file_that_changes_while_it_is_copied_is_not_taken() {
        host.close();
        var changes = new AtomicInteger(1);
        host = new PluginHost(folder.settings(PluginLimits.defaults(), PluginGrants.none()), PluginFolder.DAEMONS,
                (staged, description) -> {
                    if (description.version().equals("2.0.0") && changes.getAndDecrement() == 1) {
                        folder.put("alpha.jar", PluginSource.versioned("alpha", "3.0.0"));
                    }
                    return Verdict.ofNothing();
                });
        start(host);
        folder.put("alpha.jar", PluginSource.versioned("alpha", "2.0.0"));

        settle(host);
        assertEquals("1.0.0", versionOf(host, "alpha"));
        settle(host);
        assertEquals("3.0.0", versionOf(host, "alpha"));
    }

    private static void start(PluginHost host) {
        try {
            host.start();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void runs_under_way_keep_their_version_and_new_ones_get_the_new() throws Exception {
        folder.put("late.jar", late(1));
        settle(host);
        var before = host.lease("late").orElseThrow();
        folder.put("late.jar", late(2).manifest("Plugin-Version", "2.0.0"));
        settle(host);
        var after = host.lease("late").orElseThrow();

        assertEquals("1.0.0", before.agent().version());
        assertEquals("2.0.0", after.agent().version());
        // The class is first needed now, so the old loader must still find it.
        assertEquals("{\"number\":1}", result(before));
        assertEquals("{\"number\":2}", result(after));
        assertEquals(List.of("alpha.jar alpha 1.0.0 STARTED", "late.jar late 2.0.0 STARTED",
                "late.jar late 1.0.0 FINISHING"), told(host));
        assertEquals(List.of(0, 1, 1), host.plugins().stream().map(PluginReport::runs).toList());

        before.close();
        assertEquals(List.of("alpha.jar alpha 1.0.0 STARTED", "late.jar late 2.0.0 STARTED"), told(host));
        after.close();
    }

    private static PluginSource late(int number) {
        return PluginSource.of("late", "demo.late")
                .agent("demo.late.LateAgent", "late", "return AgentResult.of(new Late(" + number + "));")
                .source("demo.late.Late", "record Late(int number) {}");
    }

    private static String result(AgentLease lease) throws Exception {
        return lease.records().encode(lease.newAgent().run(Contexts.none()).data());
    }

    @Test
    void nothing_of_a_replaced_version_stays_after_its_last_lease() throws Exception {
        folder.put("late.jar", late(1));
        settle(host);
        var loader = usedAndSwapped();

        Await.until("the class loader is collected", () -> {
            System.gc();
            return loader.refersTo(null);
        });
        assertEquals(2, folder.copies().size(), () -> "copies: " + folder.copies());
    }

    private WeakReference<ClassLoader> usedAndSwapped() throws Exception {
        try (var lease = host.lease("late").orElseThrow()) {
            folder.put("late.jar", late(2));
            settle(host);
            assertEquals("{\"number\":1}", result(lease));
            return new WeakReference<>(lease.loader());
        }
    }

    @Test
    void a_removed_plugin_is_gone_for_new_runs_and_there_for_those_under_way() throws Exception {
        var lease = host.lease("alpha").orElseThrow();
        folder.remove("alpha.jar");

        look(host);
        assertEquals("1.0.0", versionOf(host, "alpha"), "one look is not enough");
        look(host);

        assertTrue(host.lease("alpha").isEmpty());
        assertEquals(List.of(), host.agents());
        assertEquals(List.of("alpha.jar alpha 1.0.0 FINISHING"), told(host));
        lease.newAgent();
        lease.close();
        assertEquals(List.of(), told(host));
    }

    @Test
    void a_file_that_is_missing_in_one_look_alone_is_still_there() {
        folder.remove("alpha.jar");
        look(host);
        folder.put("alpha.jar", PluginSource.versioned("alpha", "2.0.0"));
        look(host);
        assertEquals("1.0.0", versionOf(host, "alpha"));
        look(host);
        assertEquals("2.0.0", versionOf(host, "alpha"));
    }

    @Test
    void a_file_that_is_away_before_it_was_taken_has_to_be_seen_twice_again() throws IOException {
        folder.put("beta.jar", PluginSource.withAgent("beta"));
        look(host);
        Files.move(folder.file("beta.jar"), root.resolve("away"));
        look(host);
        Files.move(root.resolve("away"), folder.file("beta.jar"));
        look(host);
        assertEquals("", versionOf(host, "beta"));

        look(host);
        assertEquals("1.0.0", versionOf(host, "beta"));
    }

    @Test
    void a_new_version_under_another_name_takes_the_place_of_a_file_that_went() {
        folder.remove("alpha.jar");
        folder.put("alpha-2.jar", PluginSource.versioned("alpha", "2.0.0"));

        look(host);
        assertEquals("1.0.0", versionOf(host, "alpha"));
        look(host);
        assertEquals(List.of("alpha-2.jar alpha 2.0.0 STARTED"), told(host));
    }

    @Test
    void a_second_file_of_one_plugin_is_refused_until_the_first_goes() {
        folder.put("a-second.jar", PluginSource.versioned("alpha", "2.0.0"));
        settle(host);

        assertEquals(List.of("a-second.jar alpha 2.0.0 REFUSED", "alpha.jar alpha 1.0.0 STARTED"), told(host));
        assertTrue(PluginFolder.report(host, "a-second.jar").problem().orElseThrow()
                .contains("The file alpha.jar is the plugin alpha already, in version 1.0.0. Keep one of the two."));

        folder.remove("alpha.jar");
        settle(host);
        assertEquals(List.of("a-second.jar alpha 2.0.0 STARTED"), told(host));
    }

    @Test
    void a_replaced_agent_is_there_at_every_moment() throws Exception {
        var missing = new AtomicReference<>("");
        var stop = new AtomicBoolean();
        var asking = Thread.ofPlatform().start(() -> {
            while (!stop.get()) {
                try (var lease = host.lease("alpha").orElse(null)) {
                    if (lease == null || host.agents().isEmpty()) {
                        missing.set("no agent");
                    }
                }
            }
        });
        for (var i = 0; i < 30; i++) {
            folder.put("alpha.jar", PluginSource.versioned("alpha", "2.0." + i));
            settle(host);
        }
        stop.set(true);
        asking.join();

        assertEquals("", missing.get());
        assertEquals("2.0.29", versionOf(host, "alpha"));
    }

    @Test
    void nothing_happens_when_the_folder_is_gone_or_not_safe() throws Exception {
        Files.setPosixFilePermissions(folder.path(), PosixFilePermissions.fromString("rwxrwxrwx"));
        folder.put("beta.jar", PluginSource.withAgent("beta"));
        settle(host);
        assertEquals(List.of("plugins ? ? REFUSED", "alpha.jar alpha 1.0.0 STARTED"), told(host));

        Files.setPosixFilePermissions(folder.path(), PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.move(folder.path(), root.resolve("elsewhere"));
        settle(host);
        assertEquals(List.of("plugins ? ? REFUSED", "alpha.jar alpha 1.0.0 STARTED"), told(host));

        Files.move(root.resolve("elsewhere"), folder.path());
        settle(host);
        assertEquals(List.of("alpha.jar alpha 1.0.0 STARTED", "beta.jar beta 1.0.0 STARTED"), told(host));
    }

    @Test
    void a_host_that_watches_sees_a_change_by_itself() {
        host.watch();
        folder.put("alpha.jar", PluginSource.versioned("alpha", "2.0.0"));

        Await.until("the new version", () -> versionOf(host, "alpha").equals("2.0.0"));
    }

    @Test
    void a_closed_host_looks_no_more() {
        host.close();
        folder.put("beta.jar", PluginSource.withAgent("beta"));
        settle(host);

        assertEquals(List.of(), told(host));
        assertTrue(host.lease("beta").isEmpty());
    }

    @Test
    void a_plugin_with_runs_that_ignore_their_stop_is_unhealthy_until_they_end() {
        host.runAbandoned("alpha");
        host.runAbandoned("alpha");
        assertEquals(List.of("alpha.jar alpha 1.0.0 UNHEALTHY"), told(host));
        assertEquals(2, PluginFolder.report(host, "alpha.jar").abandonedRuns());

        host.abandonedRunEnded("alpha");
        host.abandonedRunEnded("alpha");
        assertEquals(List.of("alpha.jar alpha 1.0.0 STARTED"), told(host));
        assertFalse(versionOf(host, "alpha").isEmpty());
    }
}
