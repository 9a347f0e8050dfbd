package io.insula.plugin.host;

import static io.insula.plugin.host.PluginState.FAILED;
import static io.insula.plugin.host.PluginState.REFUSED;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.insula.agent.hosting.PluginFaultException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PluginInjectionTest {
    @TempDir
    Path root;

    private PluginFolder folder;

    @BeforeEach
    void makeFolder() {
        folder = PluginFolder.withoutGate(root);
    }

    /** A plugin whose agent asks for these and answers with what they print. */
    private static PluginSource asking(String parameters, String answer) {
        return PluginSource.of("asking", "demo.asking").source("demo.asking.Said", "record Said(String words) {}")
                .source("demo.asking.Words", "interface Words { String get(); }")
                .source("demo.asking.Count",
                        "class Count implements Words { static int made; final int number = ++made; public String get() { return \"\" + number; } }")
                .source("demo.asking.Part",
                        "class Part { final Words words; @jakarta.inject.Inject Part(Words words) { this.words = words; } }")
                .extension("demo.asking.AskingAgent", """
                        @AgentInfo(name = "asking", summary = "s") final class AskingAgent implements Agent {
                            private final String answer;
                            @jakarta.inject.Inject AskingAgent(%s) { answer = %s; }
                            @Override public AgentResult run(AgentContext context) { return AgentResult.of(new Said(answer)); }
                        }
                        """.formatted(parameters, answer));
    }

    private static PluginSource binding(PluginSource plugin, String statements) {
        return plugin.extension("demo.asking.Bindings", """
                public final class Bindings implements PluginBindings {
                    @Override public void configure(Binder binder) { %s }
                }
                """.formatted(statements));
    }

    private String answers(PluginSource plugin) throws Exception {
        plugin.jarAs(folder.file("asking.jar"));
        try (var host = folder.start();
                var lease = host.lease("asking").orElseThrow(
                        () -> new AssertionError(host.plugins()))) {
            return lease.records().encode(lease.newAgent().run(Contexts.none()).data())
                    + lease.records().encode(lease.newAgent().run(Contexts.none()).data());
        }
    }

    @Test
    void a_bound_type_is_made_anew_for_each_place() throws Exception {
        assertEquals("{\"words\":\"1 2\"}{\"words\":\"3 4\"}",
                answers(binding(asking("Words one, Part part", "one.get() + \" \" + part.words.get()"),
                        "binder.bind(Words.class, Count.class);")));
    }

    @Test
    void a_shared_type_is_made_once() throws Exception {
        assertEquals("{\"words\":\"1 1\"}{\"words\":\"1 1\"}",
                answers(binding(asking("Words one, Part part", "one.get() + \" \" + part.words.get()"),
                        "binder.bindShared(Words.class, Count.class);")));
    }

    @Test
    void a_shared_class_is_one_object_behind_all_its_types() throws Exception {
        assertEquals("{\"words\":\"1 1\"}{\"words\":\"1 1\"}",
                answers(binding(asking("Words one, Count two", "one.get() + \" \" + two.get()"),
                        "binder.bindShared(Words.class, Count.class); binder.bindShared(Count.class, Count.class);")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"binder.bind(Runnable.class, Task.class);", "binder.bind(Words.class, null);",
            "binder.bind(Words.class, Count.class); binder.bindShared(Words.class, Count.class);",
            "binder.bind((Class) Words.class, (Class) String.class);",
            "binder.bind((Class) Words.class, (Class) Task.class);"})
    void a_binding_that_is_not_allowed_fails_the_plugin(String statement) {
        binding(asking("", "\"\""), statement)
                .source("demo.asking.Task", "class Task implements Runnable { public void run() {} }")
                .jarAs(folder.file("asking.jar"));
        var problem = folder.problemOf("asking.jar", FAILED);
        assertTrue(problem.contains("threw java.lang.IllegalArgumentException")
                || problem.contains("threw java.lang.NullPointerException"), problem);
    }

    @Test
    void an_interface_that_is_not_bound_is_named_when_the_plugin_is_loaded() {
        asking("Words words", "\"\"").jarAs(folder.file("asking.jar"));

        assertTrue(
                folder.problemOf("asking.jar", REFUSED).contains("No implementation for demo.asking.Words was bound"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"ArrayList<String> list", "Count count", "AgentResult.Nothing nothing", "Agent agent"})
    void only_classes_that_ask_to_be_injected_are_made_without_a_binding(String parameter) {
        asking(parameter, "\"\"").jarAs(folder.file("asking.jar"));

        assertTrue(folder.problemOf("asking.jar", REFUSED).contains("Its classes cannot be put together"));
    }

    @Test
    void classes_that_need_each_other_cannot_be_made() {
        asking("Ring ring", "\"\"")
                .source("demo.asking.Ring", "class Ring { @jakarta.inject.Inject Ring(Other other) {} }")
                .source("demo.asking.Other", "class Other { @jakarta.inject.Inject Other(Ring ring) {} }")
                .jarAs(folder.file("asking.jar"));

        try (var host = folder.start(); var lease = host.lease("asking").orElseThrow()) {
            assertThrows(PluginFaultException.class, lease::newAgent);
        }
    }

    @Test
    void a_shared_object_whose_constructor_throws_fails_the_plugin_when_it_is_loaded() {
        binding(asking("Words words", "\"\""), "binder.bindShared(Words.class, Angry.class);")
                .source("demo.asking.Angry",
                        "class Angry implements Words { Angry() { throw new IllegalStateException(\"secret\"); } public String get() { return \"\"; } }")
                .jarAs(folder.file("asking.jar"));

        var problem = folder.problemOf("asking.jar", FAILED);
        assertEquals("Its code threw java.lang.IllegalStateException while it was loaded; the log says where.",
                problem);
    }

    @Test
    void an_agent_with_a_scope_is_refused() {
        PluginSource.of("asking", "demo.asking").extension("demo.asking.Shared", """
                @jakarta.inject.Singleton @AgentInfo(name = "asking", summary = "s") final class Shared implements Agent {
                    @Override public AgentResult run(AgentContext context) { return AgentResult.done(); }
                }
                """).jarAs(folder.file("asking.jar"));

        assertTrue(folder.problemOf("asking.jar", REFUSED).contains("has the scope @Singleton. Remove it"));
    }

    @Test
    void an_agent_that_cannot_be_made_is_refused() {
        PluginSource.of("asking", "demo.asking").extension("demo.asking.Picky", """
                @AgentInfo(name = "asking", summary = "s") final class Picky implements Agent {
                    Picky(String what) {}
                    @Override public AgentResult run(AgentContext context) { return AgentResult.done(); }
                }
                """).jarAs(folder.file("asking.jar"));

        assertTrue(folder.problemOf("asking.jar", REFUSED).contains("needs one constructor with @Inject"));
    }

    @Test
    void a_second_pluginbindings_is_refused() {
        binding(asking("", "\"\""), "").extension("demo.asking.More", """
                public final class More implements PluginBindings {
                    @Override public void configure(Binder binder) {}
                }
                """).jarAs(folder.file("asking.jar"));

        assertTrue(folder.problemOf("asking.jar", REFUSED).contains("two PluginBindings"));
    }

    @Test
    void a_binder_kept_after_configure_refuses() throws Exception {
        assertEquals("{\"words\":\"java.lang.IllegalStateException\"}".repeat(2), answers(binding(
                asking("", "Keep.tryBinder()").source("demo.asking.Keep", """
                        class Keep {
                            static PluginBindings.Binder binder;
                            static String tryBinder() {
                                try { binder.bind(Words.class, Count.class); return "bound"; }
                                catch (RuntimeException e) { return e.getClass().getName(); }
                            }
                        }
                        """), "Keep.binder = binder;")));
    }
}
