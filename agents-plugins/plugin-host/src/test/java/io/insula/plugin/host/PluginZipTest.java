package io.insula.plugin.host;

import static io.insula.plugin.host.PluginState.REFUSED;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.insula.agent.hosting.AgentLease;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PluginZipTest {
    @TempDir
    Path root;

    private PluginFolder folder;

    @BeforeEach
    void makeFolder() {
        folder = new PluginFolder(root);
    }

    private Path library(boolean named) {
        var library = PluginSource.library("demo.library").moduleBody("exports demo.library;")
                .source("demo.library.Words",
                        "public class Words { public static String get() { return \"from the library\"; } }");
        return (named ? library : library.withoutModuleInfo()).jarAs(root.resolve("demo.library-1.2.jar"));
    }

    private Path own(Path library) {
        return PluginSource.of("packed", "demo.packed").moduleBody("requires demo.library;").compiledAgainst(library)
                .agent("demo.packed.PackedAgent", "packed",
                        "return AgentResult.of(new Said(demo.library.Words.get()));")
                .source("demo.packed.Said", "record Said(String words) {}").jarAs(root.resolve("packed.jar"));
    }

    private void assertLoads(Path library) throws Exception {
        PluginSource.zip(folder.file("packed.zip"), Map.of("lib/packed.jar", Files.readAllBytes(own(library)),
                "lib/demo.library-1.2.jar", Files.readAllBytes(library), "docs/README.md", new byte[10]));
        try (var host = folder.start(); var lease = host.lease("packed").orElseThrow()) {
            assertEquals("{\"words\":\"from the library\"}", said(lease));
        }
    }

    @Test
    void a_library_without_a_module_descriptor_is_usable() throws Exception {
        assertLoads(library(false));
    }

    @Test
    void a_library_with_a_module_descriptor_is_usable() throws Exception {
        assertLoads(library(true));
    }

    @Test
    void two_plugins_each_use_their_own_version_of_one_library() throws Exception {
        putWithLibrary("one", "1.0", "public static String get() { return \"the first\"; }", "Words.get()");
        putWithLibrary("two", "2.0", "public static String get(int count) { return \"the second, \" + count; }",
                "Words.get(2)");

        try (var host = folder.start();
                var one = host.lease("one").orElseThrow();
                var two = host.lease("two").orElseThrow()) {
            assertEquals("{\"words\":\"the first\"}", said(one));
            assertEquals("{\"words\":\"the second, 2\"}", said(two));
        }
    }

    private void putWithLibrary(String id, String version, String method, String call) throws IOException {
        var library = PluginSource.library("demo.library").moduleBody("exports demo.library;")
                .source("demo.library.Words", "public class Words { " + method + " }")
                .jarAs(root.resolve("demo.library-" + version + ".jar"));
        var own = PluginSource.of(id, "demo." + id).moduleBody("requires demo.library;").compiledAgainst(library)
                .agent("demo." + id + ".TheAgent", id, "return AgentResult.of(new Said(demo.library." + call + "));")
                .source("demo." + id + ".Said", "record Said(String words) {}").jarAs(root.resolve(id + ".jar"));
        PluginSource.zip(folder.file(id + ".zip"), Map.of("lib/" + own.getFileName(), Files.readAllBytes(own),
                "lib/" + library.getFileName(), Files.readAllBytes(library)));
    }

    private static String said(AgentLease lease) throws Exception {
        return lease.records().encode(lease.newAgent().run(Contexts.none()).data());
    }

    @Test
    void a_zip_of_two_plugins_is_refused() throws IOException {
        PluginSource.zip(folder.file("two.zip"), Map.of(
                "lib/one.jar", Files.readAllBytes(PluginSource.withAgent("one").jarAs(root.resolve("one.jar"))),
                "lib/two.jar", Files.readAllBytes(PluginSource.withAgent("two").jarAs(root.resolve("two.jar")))));

        assertTrue(
                folder.problemOf("two.zip", REFUSED).contains("Two of its jars have a Plugin-Id: one.jar and two.jar"));
    }

    @Test
    void loose_classes_are_refused() throws IOException {
        PluginSource.zip(folder.file("loose.zip"), Map.of("classes/demo/Loose.class", new byte[10]));

        assertTrue(folder.problemOf("loose.zip", REFUSED).contains("Put them into a jar in lib/"));
    }

    @Test
    void a_damaged_jar_in_a_zip_is_refused() throws IOException {
        PluginSource.zip(folder.file("damaged.zip"), Map.of("lib/damaged.jar", new byte[100]));

        assertTrue(folder.problemOf("damaged.zip", REFUSED).contains("not a readable archive"));
    }

    @Test
    void libraries_that_share_a_package_are_refused() throws IOException {
        var library = library(false);
        var twin = PluginSource.library("demo.twin").withoutModuleInfo()
                .source("demo.library.Words", "public class Words {}").jarAs(root.resolve("demo.twin.jar"));
        PluginSource.zip(folder.file("packed.zip"), Map.of("lib/packed.jar", Files.readAllBytes(own(library)),
                "lib/demo.library-1.2.jar", Files.readAllBytes(library), "lib/demo.twin.jar",
                Files.readAllBytes(twin)));

        assertTrue(folder.problemOf("packed.zip", REFUSED).contains("Its modules do not fit together"));
    }
}
