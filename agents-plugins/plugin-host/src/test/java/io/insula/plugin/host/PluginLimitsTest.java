package io.insula.plugin.host;

import static io.insula.plugin.host.PluginState.REFUSED;
import static io.insula.plugin.host.PluginState.STARTED;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongFunction;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each limit, met exactly and passed by one. */
final class PluginLimitsTest {
    private static final PluginLimits DEFAULTS = PluginLimits.defaults();

    @TempDir
    Path root;

    private PluginFolder folder;

    @BeforeEach
    void makeFolder() {
        folder = new PluginFolder(root);
    }

    private void assertLimit(String file, long limit, LongFunction<PluginLimits> limits, String expected) {
        try (var host = folder.start(limits.apply(limit))) {
            var report = PluginFolder.report(host, file);
            assertEquals(STARTED, report.state(), report::toString);
        }
        var problem = folder.problemOf(file, REFUSED, limits.apply(limit - 1));
        assertTrue(problem.contains(expected), problem);
    }

    private static PluginLimits archive(long bytes, int entries, long unpacked, int manifest) {
        return new PluginLimits(DEFAULTS.startTime(), 100, bytes, entries, unpacked, manifest, 64, 256, 256, 1 << 20,
                32, PluginLimits.Swap.defaults());
    }

    private static PluginLimits counts(int plugins, int agents, int tools, int components) {
        return new PluginLimits(DEFAULTS.startTime(), plugins, 1 << 20, 1_000, 1 << 24, 1 << 16, agents, tools,
                components,
                1 << 20, 32, PluginLimits.Swap.defaults());
    }

    @Test
    void the_size_of_a_file() throws IOException {
        var size = Files.size(PluginSource.withAgent("alpha").jarAs(folder.file("alpha.jar")));

        assertLimit("alpha.jar", size, bytes -> archive(bytes, 1_000, 1 << 24, 1 << 16), "larger than " + (size - 1));
    }

    @Test
    void the_entries_of_a_zip_and_of_the_jars_in_it() throws IOException {
        var jar = PluginSource.withAgent("alpha").jarAs(root.resolve("alpha.jar"));
        var zip = PluginSource.zip(folder.file("alpha.zip"),
                Map.of("lib/alpha.jar", Files.readAllBytes(jar), "README", new byte[0]));

        var entries = entriesOf(jar) + entriesOf(zip);

        assertLimit("alpha.zip", entries, count -> archive(1 << 20, (int) count, 1 << 24, 1 << 16),
                "more than " + (entries - 1) + " entries");
    }

    private static int entriesOf(Path file) throws IOException {
        try (var zip = new ZipFile(file.toFile())) {
            return zip.size();
        }
    }

    @Test
    void the_bytes_that_a_file_unpacks_to() throws IOException {
        var jar =
                PluginSource.withAgent("alpha").resource("zeros", new byte[1_000_000]).jarAs(folder.file("alpha.jar"));
        long unpacked;
        try (var zip = new ZipFile(jar.toFile())) {
            unpacked = zip.stream().mapToLong(entry -> entry.getSize()).sum();
        }

        assertTrue(Files.size(jar) < 100_000);
        assertLimit("alpha.jar", unpacked, bytes -> archive(1 << 20, 1_000, bytes, 1 << 16),
                "unpacks to more than " + (unpacked - 1) + " bytes");
    }

    @Test
    void the_size_of_a_manifest() throws IOException {
        var jar = PluginSource.withAgent("alpha").manifest("Long", "x".repeat(500)).jarAs(folder.file("alpha.jar"));
        long size;
        try (var zip = new ZipFile(jar.toFile())) {
            size = zip.getEntry("META-INF/MANIFEST.MF").getSize();
        }

        assertLimit("alpha.jar", size, bytes -> archive(1 << 20, 1_000, 1 << 24, (int) bytes),
                "META-INF/MANIFEST.MF is larger than " + (size - 1) + " bytes");
    }

    @Test
    void the_plugins_in_a_folder() {
        PluginSource.withAgent("alpha").jarAs(folder.file("alpha.jar"));
        PluginSource.withAgent("beta").jarAs(folder.file("beta.jar"));

        assertLimit("beta.jar", 2, count -> counts((int) count, 64, 64, 64), "holds more than 1 plugins");
    }

    @Test
    void the_agents_of_a_plugin() {
        PluginSource.withAgent("alpha").agent("demo.alpha.Other", "other", "return AgentResult.done();")
                .jarAs(folder.file("alpha.jar"));

        assertLimit("alpha.jar", 2, count -> counts(100, (int) count, 64, 64), "more than 1 agents");
    }

    @Test
    void the_tools_of_a_plugin() {
        var plugin = PluginSource.withAgent("alpha");
        for (var name : new String[]{"One", "Two"}) {
            plugin.extension("demo.alpha." + name, """
                    @ToolInfo(name = "%s", summary = "s") final class %s implements Tool<AgentResult.Nothing, AgentResult.Nothing> {
                        @Override public AgentResult.Nothing call(AgentResult.Nothing input, ToolContext context) { return input; }
                    }
                    """.formatted(name.toLowerCase(java.util.Locale.ROOT), name));
        }
        plugin.jarAs(folder.file("alpha.jar"));

        assertLimit("alpha.jar", 2, count -> counts(100, 64, (int) count, 64), "more than 1 tools");
    }

    @Test
    void the_components_of_a_record() {
        PluginSource.withAgent("alpha").extension("demo.alpha.Two", """
                @ToolInfo(name = "two", summary = "s") final class Two implements Tool<Two.In, Two.In> {
                    record In(int one, int two) {}
                    @Override public In call(In input, ToolContext context) { return input; }
                }
                """).jarAs(folder.file("alpha.jar"));

        assertLimit("alpha.jar", 2, count -> counts(100, 64, 64, (int) count), "has more than 1 components");
    }

    @Test
    void entries_that_lead_out_of_a_zip_are_refused() throws IOException {
        var jar = Files.readAllBytes(PluginSource.withAgent("alpha").jarAs(root.resolve("alpha.jar")));
        for (var name : new String[]{"../evil.jar", "lib/../../evil.jar", "/evil.jar", "lib\\..\\evil.jar",
                "C:evil.jar"}) {
            var entries = new LinkedHashMap<String, byte[]>();
            entries.put("lib/alpha.jar", jar);
            entries.put(name, jar);
            PluginSource.zip(folder.file("slip.zip"), entries);

            var problem = folder.problemOf("slip.zip", REFUSED);

            assertTrue(problem.contains("leads out of the archive"), problem);
        }
        try (var files = Files.walk(root)) {
            assertEquals(0, files.filter(file -> file.endsWith("evil.jar")).count());
        }
    }

    @Test
    void limits_are_above_zero() {
        assertThrows(IllegalArgumentException.class, () -> counts(0, 1, 1, 1));
        assertThrows(IllegalArgumentException.class, () -> archive(1, 1, 0, 1));
        assertThrows(IllegalArgumentException.class,
                () -> new PluginLimits(Duration.ZERO, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, PluginLimits.Swap.defaults()));
    }
}
