package io.insula.plugin.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.insula.agent.Agent;
import io.insula.agent.hosting.AgentLease;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.pf4j.PluginManager;

/**
 * What a hostile plugin finds by its own loader and the context loader. Here everything of the platform lies in one
 * layer, the worst case for the loader; {@link ProductionLayoutTest} tries the other ways in the layers of an
 * installation. The gate would refuse these plugins: here is what holds behind it.
 */
final class PluginIsolationTest {
    @TempDir
    Path root;

    private PluginFolder folder;

    @BeforeEach
    void makeFolder() {
        folder = PluginFolder.withoutGate(root);
    }

    private String answerOf(String name, String body) throws Exception {
        // Whoever reads one automatic module reads all of them: here that is most of what is hidden.
        PluginSource.of(name, "demo." + name)
                .moduleBody("requires static pf4j; requires java.logging; requires java.net.http; requires java.xml;")
                .compiledAgainst(PluginSource.locationOf(PluginManager.class))
                .agent("demo." + name + ".TheAgent", name, body)
                .source("demo." + name + ".Found", "record Found(String what) {}")
                .source("demo." + name + ".internal.Same",
                        "public class Same { public static String NAME = \"" + name + "\"; }")
                .resource("demo/" + name + "/own.txt", "own").jarAs(folder.file(name + ".jar"));
        try (var host = folder.start(); var lease = host.lease(name).orElseThrow()) {
            return answerOf(lease);
        }
    }

    private static String answerOf(AgentLease lease) throws Exception {
        Thread.currentThread().setContextClassLoader(lease.loader());
        try {
            return lease.records().encode(lease.newAgent().run(Contexts.none()).data());
        } finally {
            Thread.currentThread().setContextClassLoader(PluginIsolationTest.class.getClassLoader());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"com.google.inject.Guice", "com.google.common.collect.ImmutableList",
            "org.pf4j.PluginManager",
            "io.insula.plugin.host.PluginHost", "io.insula.agent.hosting.AgentCatalog", "tools.jackson.core.JsonParser",
            "org.junit.jupiter.api.Test", "sun.misc.Unsafe", "java.sql.DriverManager",
            "javax.script.ScriptEngineManager", "java.lang.instrument.Instrumentation", "jdk.internal.misc.Unsafe",
            "java.lang.management.ManagementFactory", "org.slf4j.simple.SimpleLogger"})
    void hidden_classes_are_not_found_by_name(String hidden) throws Exception {
        var attempts = """
                var found = new StringBuilder();
                for (var loader : new ClassLoader[] {getClass().getClassLoader(), Thread.currentThread().getContextClassLoader()}) {
                    try {
                        Class.forName("%1$s", false, loader);
                        found.append("by loader ");
                    } catch (ClassNotFoundException e) {
                        found.append("hidden ");
                    }
                    if (loader.getResource("%2$s") != null || loader.getResources("%2$s").hasMoreElements()
                            || loader.getResourceAsStream("%2$s") != null || loader.resources("%2$s").count() > 0) {
                        found.append("as resource ");
                    }
                }
                try {
                    Class.forName("%1$s");
                    found.append("by caller ");
                } catch (ClassNotFoundException e) {
                    found.append("hidden ");
                }
                if (Class.forName(getClass().getModule(), "%1$s") != null) {
                    found.append("by module ");
                }
                if (getClass().getResource("/%2$s") != null) {
                    found.append("as own resource ");
                }
                return AgentResult.of(new Found(found.toString()));
                """.formatted(hidden, hidden.replace('.', '/') + ".class");

        // For each of the two loaders, and for the caller's own.
        assertEquals("{\"what\":\"hidden hidden hidden \"}", answerOf("attack", attempts));
    }

    @Test
    void everything_that_plugins_may_use_is_found() throws Exception {
        assertEquals(
                "{\"what\":\"io.insula.agent jakarta.inject org.slf4j java.base java.logging java.net.http java.xml \"}",
                answerOf("honest", """
                        var found = new StringBuilder();
                        for (var name : List.of("io.insula.agent.Agent", "jakarta.inject.Inject", "org.slf4j.Logger",
                                "java.util.List", "java.util.logging.Logger", "java.net.http.HttpClient",
                                "javax.xml.parsers.SAXParser")) {
                            found.append(Class.forName(name).getModule().getName()).append(' ');
                        }
                        return AgentResult.of(new Found(found.toString()));
                        """));
    }

    @Test
    void the_interfaces_of_agents_are_those_of_the_platform() throws Exception {
        PluginSource.withAgent("alpha").jarAs(folder.file("alpha.jar"));

        try (var host = folder.start(); var lease = host.lease("alpha").orElseThrow()) {
            assertEquals(Agent.class, lease.loader().loadClass("io.insula.agent.Agent"));
        }
    }

    @Test
    void a_plugin_reads_its_own_resources() throws Exception {
        assertEquals("{\"what\":\"own own own\"}", answerOf("reader", """
                var name = "demo/reader/own.txt";
                try (var one = getClass().getResourceAsStream("own.txt");
                        var two = getClass().getClassLoader().getResourceAsStream(name);
                        var three = getClass().getClassLoader().getResource(name).openStream()) {
                    return AgentResult.of(new Found(new String(one.readAllBytes()) + " " + new String(two.readAllBytes())
                            + " " + new String(three.readAllBytes())));
                }
                """));
    }

    @Test
    void plugins_with_the_same_internal_class_names_each_use_their_own() throws Exception {
        for (var name : new String[]{"one", "two"}) {
            // Whoever reads one automatic module reads all of them: here that is most of what is hidden.
            PluginSource.of(name, "demo." + name)
                    .moduleBody(
                            "requires static pf4j; requires java.logging; requires java.net.http; requires java.xml;")
                    .compiledAgainst(PluginSource.locationOf(PluginManager.class))
                    .agent("demo." + name + ".TheAgent", name,
                            "return AgentResult.of(new demo.internal.Same(demo.internal.Value.NAME));")
                    .source("demo.internal.Same", "public record Same(String name) {}")
                    .source("demo.internal.Value",
                            "public class Value { public static final String NAME = new String(\"" + name + "\"); }")
                    .jarAs(folder.file(name + ".jar"));
        }

        try (var host = folder.start();
                var one = host.lease("one").orElseThrow();
                var two = host.lease("two").orElseThrow()) {
            assertEquals("{\"name\":\"one\"}", answerOf(one));
            assertEquals("{\"name\":\"two\"}", answerOf(two));
            assertThrows(ClassNotFoundException.class, () -> one.loader().loadClass("demo.two.TheAgent"));
        }
    }

    @Test
    void services_of_the_platform_are_not_found() throws Exception {
        PluginSource.of("services", "demo.services").moduleBody("uses org.slf4j.spi.SLF4JServiceProvider;")
                .agent("demo.services.TheAgent", "services", """
                        var found = new StringBuilder();
                        for (var loader : new ClassLoader[] {getClass().getClassLoader(), Thread.currentThread().getContextClassLoader()}) {
                            ServiceLoader.load(org.slf4j.spi.SLF4JServiceProvider.class, loader).forEach(found::append);
                        }
                        return AgentResult.of(new Found(found.toString()));
                        """).source("demo.services.Found", "record Found(String what) {}")
                .jarAs(folder.file("services.jar"));

        try (var host = folder.start(); var lease = host.lease("services").orElseThrow()) {
            assertEquals("{\"what\":\"\"}", answerOf(lease));
        }
    }

    @Test
    void the_platform_does_not_open_itself_to_a_plugin() throws Exception {
        assertEquals("{\"what\":\"refused refused refused\"}", answerOf("deep", """
                var found = new ArrayList<String>();
                var loader = getClass().getClassLoader();
                for (var type : new Class<?>[] {loader.getClass(), String.class, context.getClass()}) {
                    try {
                        for (var field : type.getDeclaredFields()) { field.setAccessible(true); }
                        found.add("opened");
                    } catch (RuntimeException e) {
                        found.add("refused");
                    }
                }
                return AgentResult.of(new Found(String.join(" ", found)));
                """));
    }
}
