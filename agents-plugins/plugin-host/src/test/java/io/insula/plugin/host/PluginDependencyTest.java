package io.insula.plugin.host;

import static io.insula.plugin.host.PluginState.REFUSED;
import static io.insula.plugin.host.PluginState.STARTED;
import static io.insula.plugin.host.PluginState.WAITING;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PluginDependencyTest {
    @TempDir
    Path root;

    private PluginFolder folder;

    @BeforeEach
    void makeFolder() {
        folder = new PluginFolder(root);
    }

    private Map<String, PluginState> states() {
        try (var host = folder.start()) {
            var states = new TreeMap<String, PluginState>();
            host.plugins().forEach(report -> states.put(report.id().orElse("?"), report.state()));
            return states;
        }
    }

    private Path shared() {
        return PluginSource.withAgent("shared").moduleBody("exports demo.shared;")
                .source("demo.shared.Greeting", "public record Greeting(String words) {}")
                .source("demo.shared.hidden.Secret", "public class Secret {}").jarAs(folder.file("z-shared.jar"));
    }

    private PluginSource user(String dependency) {
        return PluginSource.of("user", "demo.user").manifest("Plugin-Dependencies", dependency);
    }

    @Test
    void a_plugin_uses_what_another_exports_and_nothing_else_of_it() throws Exception {
        folder = PluginFolder.withoutGate(Files.createDirectory(root.resolve("ungated"))); // it looks for a class by name
        var jar = shared();
        user("shared@>=1.0.0").moduleBody("requires demo.shared;").compiledAgainst(jar)
                .agent("demo.user.UserAgent", "user", """
                        var hidden = "visible";
                        try {
                            Class.forName("demo.shared.hidden.Secret", true, getClass().getClassLoader());
                        } catch (ClassNotFoundException e) {
                            hidden = "hidden";
                        }
                        return AgentResult.of(new demo.shared.Greeting(hidden));
                        """).jarAs(folder.file("a-user.jar"));

        try (var host = folder.start(); var lease = host.lease("user").orElseThrow()) {
            assertEquals("{\"words\":\"hidden\"}",
                    lease.records().encode(lease.newAgent().run(Contexts.none()).data()));
        }
    }

    @Test
    void a_needed_version_stays_open_while_one_that_needs_it_is_leased() throws Exception {
        var jar = shared();
        user("shared").moduleBody("requires demo.shared;").compiledAgainst(jar)
                .agent("demo.user.UserAgent", "user", "return AgentResult.of(new demo.shared.Greeting(\"late\"));")
                .jarAs(folder.file("a-user.jar"));
        var host = folder.start();
        var lease = host.lease("user").orElseThrow();

        host.close();

        assertEquals("{\"words\":\"late\"}", lease.records().encode(lease.newAgent().run(Contexts.none()).data()));
        lease.close();
        Await.until("the copies are deleted", () -> folder.copies().isEmpty());
    }

    @Test
    void a_missing_plugin_is_named_by_the_one_that_needs_it() {
        user("nowhere").agent("demo.user.UserAgent", "user", "return AgentResult.done();")
                .jarAs(folder.file("user.jar"));
        PluginSource.withAgent("well").jarAs(folder.file("well.jar"));

        assertTrue(folder.problemOf("user.jar", WAITING).contains("It needs the plugin nowhere, which is not loaded"));
        assertEquals(Map.of("user", WAITING, "well", STARTED), states());
    }

    @Test
    void a_plugin_that_needs_a_broken_one_waits_and_the_rest_load() {
        PluginSource.withAgent("broken").moduleBody("requires java.sql;").jarAs(folder.file("broken.jar"));
        user("broken").agent("demo.user.UserAgent", "user", "return AgentResult.done();")
                .jarAs(folder.file("user.jar"));
        PluginSource.withAgent("well").jarAs(folder.file("well.jar"));

        assertEquals(Map.of("broken", REFUSED, "user", WAITING, "well", STARTED), states());
    }

    @Test
    void an_optional_plugin_may_be_missing() {
        user("nowhere?").agent("demo.user.UserAgent", "user", "return AgentResult.done();")
                .jarAs(folder.file("user.jar"));

        assertEquals(Map.of("user", STARTED), states());
    }

    @Test
    void a_needed_plugin_of_the_wrong_version_stays_loaded_itself() {
        shared();
        user("shared@>=2.0.0").agent("demo.user.UserAgent", "user", "return AgentResult.done();")
                .jarAs(folder.file("user.jar"));

        assertTrue(folder.problemOf("user.jar", REFUSED)
                .contains("It needs the plugin shared in version >=2.0.0; version 1.0.0 is loaded"));
        assertEquals(Map.of("shared", STARTED, "user", REFUSED), states());
    }

    @Test
    void plugins_that_need_each_other_are_refused_with_the_circle_and_the_rest_load() {
        for (var pair : Map.of("one", "two", "two", "three", "three", "two").entrySet()) {
            PluginSource.withAgent(pair.getKey()).manifest("Plugin-Dependencies", pair.getValue())
                    .jarAs(folder.file(pair.getKey() + ".jar"));
        }
        PluginSource.withAgent("self").manifest("Plugin-Dependencies", "self").jarAs(folder.file("self.jar"));
        PluginSource.withAgent("well").jarAs(folder.file("well.jar"));

        assertEquals(Map.of("one", WAITING, "two", REFUSED, "three", REFUSED, "self", REFUSED, "well", STARTED),
                states());
        assertTrue(folder.problemOf("two.jar", REFUSED).contains("two -> three -> two"));
        assertTrue(folder.problemOf("three.jar", REFUSED).contains("two -> three -> two"));
        assertTrue(folder.problemOf("self.jar", REFUSED).contains("self -> self"));
        assertTrue(folder.problemOf("one.jar", WAITING).contains("It needs the plugin two, which is not loaded"));
    }

    @Test
    void a_module_of_a_plugin_that_is_not_in_the_dependencies_is_refused() {
        var jar = shared();
        PluginSource.withAgent("user").moduleBody("requires demo.shared;").compiledAgainst(jar)
                .jarAs(folder.file("user.jar"));

        assertTrue(folder.problemOf("user.jar", REFUSED).contains("requires demo.shared, which plugins may not use"));
    }
}
