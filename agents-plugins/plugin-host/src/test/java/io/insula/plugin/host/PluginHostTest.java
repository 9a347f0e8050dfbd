package io.insula.plugin.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.insula.agent.Effect;
import io.insula.agent.hosting.HostedAgent;
import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PluginHostTest {
    @TempDir
    Path root;

    private PluginFolder folder;

    @BeforeEach
    void makeFolder() {
        folder = new PluginFolder(root);
    }

    @Test
    void lists_the_agents_of_all_plugins_by_name() {
        PluginSource.withAgent("beta").jarAs(folder.file("a.jar"));
        PluginSource.withAgent("alpha").jarAs(folder.file("b.jar"));

        try (var host = folder.start()) {
            assertEquals(List.of("alpha", "beta"), host.agents().stream().map(HostedAgent::name).toList());
            assertEquals(List.of("a.jar", "b.jar"),
                    host.plugins().stream().map(report -> report.file().getFileName().toString()).toList());
        }
    }

    @Test
    void tells_what_the_annotation_of_an_agent_says_without_making_one() {
        PluginSource.of("slow", "demo.slow").extension("demo.slow.SlowAgent", """
                @AgentInfo(name = "slow-one", summary = "Takes its time", deadline = "PT2M", resumable = true,
                        compatibleWith = {"0.9.0", "0.9.1"})
                final class SlowAgent implements Agent {
                    SlowAgent() { throw new AssertionError("made"); }
                    @Override public AgentResult run(AgentContext context) { return AgentResult.done(); }
                }
                """).jarAs(folder.file("slow.jar"));

        try (var host = folder.start()) {
            assertEquals(List.of(new HostedAgent("slow-one", "Takes its time", "slow", "1.0.0",
                    Optional.of(Duration.ofMinutes(2)), true, Set.of("0.9.0", "0.9.1"))), host.agents());
        }
    }

    @Test
    void makes_a_new_agent_each_time() throws Exception {
        PluginSource.withAgent("alpha").jarAs(folder.file("alpha.jar"));

        try (var host = folder.start(); var lease = host.lease("alpha").orElseThrow()) {
            assertNotSame(lease.newAgent(), lease.newAgent());
        }
    }

    @Test
    void describes_and_makes_the_tools_of_a_plugin() throws Exception {
        toolPlugin().jarAs(folder.file("tools.jar"));

        try (var host = folder.start(); var lease = host.lease("user").orElseThrow()) {
            var tool = lease.tool("count-words").orElseThrow();

            assertEquals(List.of(tool.description()), lease.tools());
            assertEquals(Effect.READS, tool.description().effect());
            assertEquals("""
                    {"$schema":"https://json-schema.org/draft/2020-12/schema","type":"object","properties":{\
                    "text":{"description":"what to count","type":"string","maxLength":100}},"required":["text"],\
                    "additionalProperties":false}""", tool.description().inputSchema());
            assertEquals("demo.tools.Words$In", tool.inputType().getName());
            assertEquals("demo.tools.Words$Out", tool.outputType().getName());
            assertEquals(tool.description(), lease.tool(tool.newTool().getClass()).orElseThrow().description());
            assertNotSame(tool.newTool(), tool.newTool());
            assertEquals("{\"text\":\"a b\"}",
                    lease.records().encode(lease.records().decode("{\"text\":\"a b\"}", tool.inputType())));
        }
    }

    @Test
    void knows_no_tool_of_another_name() {
        toolPlugin().jarAs(folder.file("tools.jar"));

        try (var host = folder.start(); var lease = host.lease("user").orElseThrow()) {
            assertTrue(lease.tool("count-letters").isEmpty());
            assertTrue(lease.tool(String.class).isEmpty());
        }
    }

    @Test
    void has_no_lease_for_an_agent_that_nobody_brought() {
        try (var host = folder.start()) {
            assertTrue(host.lease("nobody").isEmpty());
        }
    }

    @Test
    void a_lease_keeps_its_version_open_when_the_host_is_closed() throws Exception {
        // The class is first needed after the close, so the loader must still find it.
        PluginSource.of("late", "demo.late").agent("demo.late.LateAgent", "late", "return AgentResult.of(new Late(1));")
                .source("demo.late.Late", "record Late(int number) {}").jarAs(folder.file("late.jar"));
        var host = folder.start();
        var lease = host.lease("late").orElseThrow();

        host.close();

        assertTrue(host.agents().isEmpty());
        assertTrue(host.lease("late").isEmpty());
        assertEquals("{\"number\":1}", lease.records().encode(lease.newAgent().run(Contexts.none()).data()));
        assertTrue(Files.exists(folder.work().resolve("1")));
        lease.close();
        Await.until("the copy is deleted", () -> !Files.exists(folder.work().resolve("1")));
    }

    @Test
    void a_closed_lease_refuses_everything() throws Exception {
        toolPlugin().jarAs(folder.file("tools.jar"));

        try (var host = folder.start()) {
            var lease = host.lease("user").orElseThrow();
            var tool = lease.tool("count-words").orElseThrow();
            lease.close();
            lease.close();

            assertThrows(IllegalStateException.class, lease::agent);
            assertThrows(IllegalStateException.class, lease::loader);
            assertThrows(IllegalStateException.class, lease::newAgent);
            assertThrows(IllegalStateException.class, lease::tools);
            assertThrows(IllegalStateException.class, lease::records);
            assertThrows(IllegalStateException.class, () -> lease.tool("count-words"));
            assertThrows(IllegalStateException.class, tool::newTool);
            assertEquals(1, host.lease("user").stream().peek(other -> other.close()).count());
        }
    }

    @Test
    void nothing_of_a_plugin_stays_in_memory_after_its_last_lease() throws Exception {
        toolPlugin().jarAs(folder.file("tools.jar"));
        var host = folder.start();

        var loader = loaderUsedAndReleased(host);
        host.close();

        Await.until("the class loader is collected", () -> {
            System.gc();
            return loader.refersTo(null);
        });
    }

    private static WeakReference<ClassLoader> loaderUsedAndReleased(PluginHost host) throws Exception {
        try (var lease = host.lease("user").orElseThrow()) {
            lease.newAgent();
            var tool = lease.tool("count-words").orElseThrow();
            tool.newTool();
            lease.records().encode(lease.records().decode("{\"text\":\"a b\"}", tool.inputType()));
            return new WeakReference<>(lease.loader());
        }
    }

    @Test
    void removes_what_former_runs_left_in_the_work_folder() throws Exception {
        Files.createDirectories(folder.work().resolve("7/lib"));
        Files.writeString(folder.work().resolve("7/lib/old.jar"), "old");
        var outside = Files.writeString(root.resolve("outside"), "stays");
        Files.createSymbolicLink(folder.work().resolve("link"), outside);

        try (var host = folder.start()) {
            assertTrue(host.plugins().isEmpty());
        }

        try (var left = Files.list(folder.work())) {
            assertEquals(List.of(), left.toList());
        }
        assertTrue(Files.exists(outside));
    }

    @Test
    void works_without_a_plugins_folder() throws Exception {
        Files.delete(folder.path());

        try (var host = folder.start()) {
            assertTrue(host.agents().isEmpty());
        }
    }

    @Test
    void ignores_files_that_are_no_archives() throws Exception {
        Files.writeString(folder.file("README.txt"), "read me");
        Files.writeString(folder.file(".hidden.jar"), "hidden");

        try (var host = folder.start()) {
            assertTrue(host.plugins().isEmpty());
        }
    }

    @Test
    void is_started_once() {
        try (var host = folder.start()) {
            assertThrows(IllegalStateException.class, host::start);
        }
    }

    @Test
    void loads_the_copy_whatever_happens_to_the_file() throws Exception {
        var file = PluginSource.of("swap", "demo.swap")
                .agent("demo.swap.SwapAgent", "swap", "return AgentResult.of(new Swapped(1));")
                .source("demo.swap.Swapped", "record Swapped(int number) {}").jarAs(folder.file("swap.jar"));

        try (var host = folder.start(); var lease = host.lease("swap").orElseThrow()) {
            Files.writeString(file, "garbage");

            assertEquals("{\"number\":1}", lease.records().encode(lease.newAgent().run(Contexts.none()).data()));
        }
    }

    private static PluginSource toolPlugin() {
        return PluginSource.of("tools", "demo.tools")
                .agent("demo.tools.UserAgent", "user", "return AgentResult.done();")
                .source("demo.tools.Counting", "interface Counting<T extends Record> extends Tool<Words.In, T> {}")
                .extension("demo.tools.Words", """
                        @ToolInfo(name = "count-words", summary = "Counts words", effect = Effect.READS)
                        final class Words implements Counting<Words.Out> {
                            record In(@Describe(value = "what to count", maximumLength = 100) String text) {}
                            record Out(int words) {}
                            @Override public Out call(In input, ToolContext context) {
                                return new Out(input.text().split(" ").length);
                            }
                        }
                        """);
    }
}
