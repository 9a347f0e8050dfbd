package io.insula.plugin.host;

import static io.insula.plugin.host.PluginFolder.settle;
import static io.insula.plugin.host.PluginFolder.told;
import static io.insula.plugin.host.PluginFolder.versionOf;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.insula.agent.hosting.AgentLease;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Plugins that need each other, and come, change and go. */
final class SwapDependencyTest {
    @TempDir
    Path root;

    private PluginFolder folder;
    private PluginHost host;

    @BeforeEach
    void start() {
        folder = new PluginFolder(root);
        host = folder.start();
    }

    @AfterEach
    void stop() {
        host.close();
        Await.until("no copy is left", () -> folder.copies().isEmpty());
    }

    private static PluginSource shared(String version, String words) {
        return PluginSource.versioned("shared", version).moduleBody("exports demo.shared;")
                .source("demo.shared.Greeting", "public record Greeting(String words) {}")
                .source("demo.shared.Words",
                        "public final class Words { private Words() {} public static String now() { return \"" + words
                                + "\"; } }");
    }

    private PluginSource user(String version, String dependency) {
        return PluginSource.of("user", "demo.user").manifest("Plugin-Version", version)
                .manifest("Plugin-Dependencies", dependency).moduleBody("requires demo.shared;")
                .compiledAgainst(shared("1.0.0", "one").jarAs(root.resolve("compiled.jar")))
                .agent("demo.user.UserAgent", "user",
                        "return AgentResult.of(new demo.shared.Greeting(demo.shared.Words.now()));");
    }

    /** Puts the user and what it needs, and takes a lease as a run does. */
    private AgentLease beginRun() {
        folder.put("user.jar", user("1.0.0", "shared"));
        folder.put("z-shared.jar", shared("1.0.0", "one"));
        settle(host);
        return host.lease("user").orElseThrow();
    }

    private static String said(AgentLease run) throws Exception {
        return run.records().encode(run.newAgent().run(Contexts.none()).data());
    }

    private String said() throws Exception {
        try (var run = host.lease("user").orElseThrow()) {
            return said(run);
        }
    }

    @Test
    void a_plugin_waits_for_one_that_it_needs_and_starts_when_it_comes() throws Exception {
        folder.put("user.jar", user("1.0.0", "shared"));
        settle(host);
        assertEquals(List.of("user.jar user 1.0.0 WAITING"), told(host));
        assertTrue(PluginFolder.report(host, "user.jar").problem().orElseThrow()
                .contains("It needs the plugin shared, which is not loaded"));

        folder.put("z-shared.jar", shared("1.0.0", "one"));
        settle(host);
        assertEquals("{\"words\":\"one\"}", said());
    }

    @Test
    void a_plugin_whose_need_goes_waits_until_it_is_back() throws Exception {
        var run = beginRun();

        folder.remove("z-shared.jar");
        settle(host);
        assertTrue(host.lease("user").isEmpty());
        assertEquals("{\"words\":\"one\"}", said(run));
        assertEquals(List.of("user.jar user 1.0.0 FINISHING", "user.jar user 1.0.0 WAITING",
                "z-shared.jar shared 1.0.0 FINISHING"), told(host));
        run.close();
        assertEquals(List.of("user.jar user 1.0.0 WAITING"), told(host));

        folder.put("z-shared.jar", shared("1.0.0", "again"));
        settle(host);
        assertEquals("{\"words\":\"again\"}", said());
    }

    @Test
    void a_plugin_is_made_anew_against_what_it_needs_when_that_is_replaced() throws Exception {
        var run = beginRun();

        folder.put("z-shared.jar", shared("2.0.0", "two"));
        settle(host);

        assertEquals("{\"words\":\"two\"}", said());
        assertEquals("{\"words\":\"one\"}", said(run));
        assertEquals("2.0.0", versionOf(host, "shared"));
        run.close();
        assertEquals(List.of("user.jar user 1.0.0 STARTED", "z-shared.jar shared 2.0.0 STARTED"), told(host));
    }

    @Test
    void a_replacement_that_would_break_another_plugin_is_refused_until_both_fit() throws Exception {
        folder.put("user.jar", user("1.0.0", "shared@<2.0.0"));
        folder.put("z-shared.jar", shared("1.0.0", "one"));
        settle(host);

        folder.put("z-shared.jar", shared("2.0.0", "two"));
        settle(host);
        assertEquals(List.of("user.jar user 1.0.0 STARTED", "z-shared.jar shared 1.0.0 STARTED",
                "z-shared.jar shared 2.0.0 REFUSED"), told(host));
        var problem = host.plugins().getLast().problem().orElseThrow();
        assertTrue(problem.contains("With it the plugin user, which needs it, could not be loaded. It needs the plugin"
                + " shared in version <2.0.0; version 2.0.0 is loaded."), problem);
        assertEquals("{\"words\":\"one\"}", said());

        folder.put("user.jar", user("2.0.0", "shared@>=2.0.0"));
        settle(host);
        assertEquals(List.of("user.jar user 2.0.0 STARTED", "z-shared.jar shared 2.0.0 STARTED"), told(host));
        assertEquals("{\"words\":\"two\"}", said());
    }

    @Test
    void a_circle_that_a_replacement_would_make_is_refused() {
        folder.put("one.jar", PluginSource.versioned("one", "1.0.0"));
        folder.put("two.jar", PluginSource.withAgent("two").manifest("Plugin-Dependencies", "one"));
        settle(host);

        folder.put("one.jar", PluginSource.versioned("one", "2.0.0").manifest("Plugin-Dependencies", "two"));
        settle(host);

        assertEquals(List.of("one.jar one 1.0.0 STARTED", "one.jar one 2.0.0 REFUSED", "two.jar two 1.0.0 STARTED"),
                told(host));
        assertTrue(host.plugins().get(1).problem().orElseThrow().contains("It needs itself by way of others"));
    }

    @Test
    void an_agent_may_move_from_one_plugin_to_another_in_one_look() {
        folder.put("one.jar", PluginSource.versioned("one", "1.0.0").agent("demo.one.Moving", "moving",
                "return AgentResult.done();"));
        folder.put("two.jar", PluginSource.versioned("two", "1.0.0"));
        settle(host);

        folder.put("one.jar", PluginSource.versioned("one", "2.0.0"));
        folder.put("two.jar", PluginSource.versioned("two", "3.0.0").agent("demo.two.Moving", "moving",
                "return AgentResult.done();"));
        settle(host);

        assertEquals("3.0.0", versionOf(host, "moving"));
    }

    @Test
    void a_plugin_is_made_anew_when_an_optional_one_comes() {
        folder.put("user.jar", PluginSource.versioned("user", "1.0.0").manifest("Plugin-Dependencies", "shared?"));
        settle(host);
        try (var lease = host.lease("user").orElseThrow()) {
            folder.put("z-shared.jar", shared("1.0.0", "one"));
            settle(host);
            assertEquals(List.of("user.jar user 1.0.0 STARTED", "user.jar user 1.0.0 FINISHING",
                    "z-shared.jar shared 1.0.0 STARTED"), told(host));
            assertEquals("user", lease.agent().name());
        }
    }
}
