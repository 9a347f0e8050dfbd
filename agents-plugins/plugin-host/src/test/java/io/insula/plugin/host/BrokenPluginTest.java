package io.insula.plugin.host;

import static io.insula.plugin.host.PluginState.FAILED;
import static io.insula.plugin.host.PluginState.REFUSED;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.insula.agent.hosting.HostedAgent;
import io.insula.agent.hosting.PluginFaultException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each broken plugin lies between two good ones, which must load whatever happens to it. */
final class BrokenPluginTest {
    private static final String BROKEN = "broken.jar";

    @TempDir
    Path root;

    private PluginFolder folder;

    @BeforeEach
    void putGoodPluginsAround() {
        folder = new PluginFolder(root);
        PluginSource.withAgent("first").jarAs(folder.file("a-first.jar"));
        PluginSource.withAgent("last").jarAs(folder.file("z-last.jar"));
    }

    @AfterEach
    void goodPluginsAreStillLoaded() {
        try (var host = folder.start(shortStart())) {
            assertEquals(List.of("first", "last"), host.agents().stream().map(HostedAgent::name)
                    .filter(name -> name.equals("first") || name.equals("last")).toList());
        }
    }

    private static PluginLimits shortStart() {
        var limits = PluginLimits.defaults();
        return new PluginLimits(Duration.ofSeconds(3), limits.plugins(), limits.archiveBytes(), limits.archiveEntries(),
                limits.unpackedBytes(), limits.manifestBytes(), limits.agentsPerPlugin(), limits.toolsPerPlugin(),
                limits.recordComponents(), limits.recordCharacters(), limits.recordDepth(),
                limits.swap());
    }

    private static PluginSource plugin() {
        return PluginSource.withAgent("broken");
    }

    private static PluginSource pluginWith(String agentClass) {
        return PluginSource.of("broken", "demo.broken").extension("demo.broken.BrokenAgent", agentClass);
    }

    private void assertProblem(PluginState state, String expected) {
        var problem = folder.problemOf(BROKEN, state);
        assertTrue(problem.contains(expected), problem);
        assertFalse(problem.contains("secret"), problem);
    }

    @Test
    void garbage_is_refused() throws IOException {
        Files.write(folder.file(BROKEN), new byte[]{1, 2, 3});
        assertProblem(REFUSED, "not a readable archive");
    }

    @Test
    void an_empty_file_is_refused() throws IOException {
        Files.createFile(folder.file(BROKEN));
        assertProblem(REFUSED, "not a readable archive");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 10, 50, 90, 99})
    void a_jar_cut_short_is_refused(int percent) throws IOException {
        var file = plugin().resource("filler.txt", "filler ".repeat(1_000)).jarAs(folder.file(BROKEN));
        var bytes = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(bytes, bytes.length * percent / 100));
        assertProblem(REFUSED, "not a readable archive");
    }

    @Test
    void a_jar_with_a_damaged_entry_is_refused() throws IOException {
        var file = plugin().resource("AAA.txt", "0123456789abcdefghijklmnopqrstuvwxyz").jarAs(folder.file(BROKEN));
        var bytes = Files.readAllBytes(file);
        // The first bytes of content after the name of the entry.
        var text = new String(bytes, java.nio.charset.StandardCharsets.ISO_8859_1);
        var content = text.indexOf("AAA.txt") + "AAA.txt".length();
        for (var i = content + 2; i < content + 12; i++) {
            bytes[i] ^= 0x55;
        }
        Files.write(file, bytes);
        assertProblem(REFUSED, "not a readable archive");
    }

    @Test
    void a_jar_without_a_descriptor_is_refused() {
        plugin().without("Plugin-Id").jarAs(folder.file(BROKEN));
        assertProblem(REFUSED, "no descriptor");
    }

    @Test
    void a_zip_without_jars_is_refused() {
        PluginSource.zip(folder.file("broken.zip"), Map.of("readme.txt", new byte[10]));
        assertTrue(folder.problemOf("broken.zip", REFUSED).contains("no jar in lib/"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"../broken", "a b", "1st", "", ".", "a/b"})
    void an_id_that_is_no_id_is_refused(String id) {
        plugin().manifest("Plugin-Id", id).jarAs(folder.file(BROKEN));
        assertProblem(REFUSED, "Plugin-Id must be");
    }

    @Test
    void an_id_has_at_most_64_characters() {
        plugin().manifest("Plugin-Id", "b".repeat(64)).jarAs(folder.file("at-limit.jar"));
        PluginSource.withAgent("beyond").manifest("Plugin-Id", "b".repeat(65)).jarAs(folder.file(BROKEN));
        assertProblem(REFUSED, "Plugin-Id must be");
        try (var host = folder.start()) {
            assertEquals(PluginState.STARTED, PluginFolder.report(host, "at-limit.jar").state());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"one", "1", "", "1.0.0.0.0", "-1.0.0"})
    void a_version_that_is_no_semantic_version_is_refused(String version) {
        plugin().manifest("Plugin-Version", version).jarAs(folder.file(BROKEN));
        assertProblem(REFUSED, "Plugin-Version must be");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.2.0", "1.0.0", ">=0.1.1", "<0.1.0"})
    void a_plugin_for_another_platform_is_refused(String requires) {
        plugin().manifest("Plugin-Requires", requires).jarAs(folder.file(BROKEN));
        assertProblem(REFUSED, "requires a platform of version " + requires + "; this one is 0.1.0");
    }

    @Test
    void a_range_that_is_none_is_refused() {
        plugin().manifest("Plugin-Requires", ">>1").jarAs(folder.file(BROKEN));
        assertProblem(REFUSED, "is not a version range");
    }

    @Test
    void a_plugin_class_is_refused() {
        plugin().manifest("Plugin-Class", "demo.broken.ThePlugin").jarAs(folder.file(BROKEN));
        assertProblem(REFUSED, "names a Plugin-Class. Remove it");
    }

    @Test
    void a_class_for_a_newer_java_is_refused() {
        var newer = new byte[]{(byte) 0xCA, (byte) 0xFE, (byte) 0xBA, (byte) 0xBE, 0, 0, 0,
                (byte) (Runtime.version().feature() + 45)};
        plugin().resource("demo/broken/Newer.class", newer).jarAs(folder.file(BROKEN));
        assertProblem(REFUSED, "demo/broken/Newer.class is compiled for Java " + (Runtime.version().feature() + 1));
    }

    @Test
    void preview_classes_are_refused() {
        var preview = new byte[]{(byte) 0xCA, (byte) 0xFE, (byte) 0xBA, (byte) 0xBE, (byte) 0xFF, (byte) 0xFF, 0, 69};
        plugin().resource("demo/broken/Preview.class", preview).jarAs(folder.file(BROKEN));
        assertProblem(REFUSED, "uses preview features");
    }

    @Test
    void what_is_no_class_file_is_refused() {
        plugin().resource("demo/broken/Odd.class", "no class").jarAs(folder.file(BROKEN));
        assertProblem(REFUSED, "demo/broken/Odd.class is not a class file");
    }

    @Test
    void a_static_initialiser_that_throws_fails_the_plugin() {
        pluginWith("""
                @AgentInfo(name = "broken", summary = "s") final class BrokenAgent implements Agent {
                    static final int N = Integer.parseInt("secret");
                    @Override public AgentResult run(AgentContext context) { return AgentResult.done(); }
                }
                """).jarAs(folder.file(BROKEN));
        assertProblem(FAILED, "threw java.lang.ExceptionInInitializerError");
    }

    @Test
    void a_static_initialiser_that_overflows_the_stack_fails_the_plugin() {
        pluginWith("""
                @AgentInfo(name = "broken", summary = "s") final class BrokenAgent implements Agent {
                    static { deeper(); }
                    static void deeper() { deeper(); }
                    @Override public AgentResult run(AgentContext context) { return AgentResult.done(); }
                }
                """).jarAs(folder.file(BROKEN));
        assertProblem(FAILED, "threw java.lang.StackOverflowError");
    }

    @ParameterizedTest
    @ValueSource(strings = {"while (true) { Thread.onSpinWait(); }",
            "while (true) { try { Thread.sleep(1000); } catch (Throwable t) { } }"})
    void a_static_initialiser_that_never_ends_fails_the_plugin_in_time(String forever) {
        pluginWith("""
                @AgentInfo(name = "broken", summary = "s") final class BrokenAgent implements Agent {
                    static { if (Boolean.parseBoolean("true")) { %s } }
                    @Override public AgentResult run(AgentContext context) { return AgentResult.done(); }
                }
                """.formatted(forever)).jarAs(folder.file(BROKEN));
        var problem = folder.problemOf(BROKEN, FAILED, shortStart());
        assertTrue(problem.contains("did not come to an end within PT3S"), problem);
    }

    @Test
    void an_exception_with_hostile_methods_is_only_named() {
        PluginSource.of("broken", "demo.broken").source("demo.broken.Hostile", """
                final class Hostile extends RuntimeException {
                    @Override public String getMessage() { throw new StackOverflowError(); }
                    @Override public String toString() { throw new IllegalStateException(); }
                    @Override public StackTraceElement[] getStackTrace() { return null; }
                    @Override public Throwable getCause() { throw this; }
                }
                """).extension("demo.broken.Bindings", """
                public final class Bindings implements PluginBindings {
                    @Override public void configure(Binder binder) { throw new Hostile(); }
                }
                """).agent("demo.broken.BrokenAgent", "broken", "return AgentResult.done();")
                .jarAs(folder.file(BROKEN));
        assertProblem(FAILED, "threw demo.broken.Hostile");
    }

    @Test
    void a_constructor_that_throws_fails_its_own_call_only() {
        for (var thrown : List.of("new IllegalStateException(\"secret\")", "new StackOverflowError(\"secret\")",
                "new NoClassDefFoundError(\"secret\")", "new AssertionError(\"secret\")")) {
            pluginWith("""
                    @AgentInfo(name = "broken", summary = "s") final class BrokenAgent implements Agent {
                        BrokenAgent() { throw %s; }
                        @Override public AgentResult run(AgentContext context) { return AgentResult.done(); }
                    }
                    """.formatted(thrown)).jarAs(folder.file(BROKEN));
            try (var host = folder.start(); var lease = host.lease("broken").orElseThrow()) {
                var before = Thread.currentThread().getContextClassLoader();

                var fault = assertThrows(PluginFaultException.class, lease::newAgent);

                assertEquals("Plugin broken threw when it was asked for its agent broken.", fault.getMessage());
                assertEquals(null, fault.getCause());
                assertEquals(before, Thread.currentThread().getContextClassLoader());
            }
        }
    }

    @Test
    void a_missing_module_info_is_refused() {
        plugin().withoutModuleInfo().jarAs(folder.file(BROKEN));
        assertProblem(REFUSED, "no module-info.class");
    }

    @Test
    void an_extension_that_is_not_there_fails_the_plugin() {
        plugin().indexed("demo.broken.Missing").jarAs(folder.file(BROKEN));
        assertProblem(FAILED, "threw java.lang.ClassNotFoundException");
    }

    @ParameterizedTest
    @ValueSource(strings = {"io.insula.agent.AgentResult", "java.lang.String", "Unpackaged"})
    void an_extension_outside_the_own_module_is_refused(String name) {
        plugin().indexed(name).jarAs(folder.file(BROKEN));
        assertProblem(REFUSED, "names " + name + ", which is not in the module demo.broken");
    }

    @Test
    void a_class_that_misses_another_fails_the_plugin() throws IOException {
        var file = plugin().source("demo.broken.Gone", "class Gone {}").extension("demo.broken.NeedsGone", """
                @AgentInfo(name = "needs-gone", summary = "s") final class NeedsGone extends Gone implements Agent {
                    @Override public AgentResult run(AgentContext context) { return AgentResult.done(); }
                }
                """).jarAs(folder.file(BROKEN));
        removeEntry(file, "/demo/broken/Gone.class");
        assertProblem(FAILED, "threw java.lang.NoClassDefFoundError");
    }

    private static void removeEntry(Path jar, String entry) throws IOException {
        try (var files = java.nio.file.FileSystems.newFileSystem(jar)) {
            Files.delete(files.getPath(entry));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Upper", "9lives", "-dash", "with space", "under_score", ""})
    void an_agent_name_that_is_none_is_refused(String name) {
        PluginSource.of("broken", "demo.broken").agent("demo.broken.TheAgent", name, "return AgentResult.done();")
                .jarAs(folder.file(BROKEN));
        assertProblem(REFUSED, "is named \"" + name + "\"");
    }

    @Test
    void an_agent_name_has_at_most_64_characters() {
        PluginSource.of("long", "demo.longest")
                .agent("demo.longest.TheAgent", "n".repeat(64), "return AgentResult.done();")
                .jarAs(folder.file("at-limit.jar"));
        PluginSource.of("broken", "demo.broken")
                .agent("demo.broken.TheAgent", "n".repeat(65), "return AgentResult.done();")
                .jarAs(folder.file(BROKEN));
        assertProblem(REFUSED, "1 to 64 lower case letters");
        try (var host = folder.start()) {
            assertTrue(host.lease("n".repeat(64)).isPresent());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"ten minutes", "PT0S", "PT-1S", "PT99999999999999999999S"})
    void a_deadline_that_is_none_is_refused(String deadline) {
        pluginWith("""
                @AgentInfo(name = "broken", summary = "s", deadline = "%s") final class BrokenAgent implements Agent {
                    @Override public AgentResult run(AgentContext context) { return AgentResult.done(); }
                }
                """.formatted(deadline)).jarAs(folder.file(BROKEN));
        assertProblem(REFUSED, "The deadline of its agent \"broken\" is \"" + deadline + "\"");
    }

    @Test
    void a_summary_that_is_blank_or_too_long_is_refused() {
        for (var summary : List.of(" ", "s".repeat(201))) {
            pluginWith("""
                    @AgentInfo(name = "broken", summary = "%s") final class BrokenAgent implements Agent {
                        @Override public AgentResult run(AgentContext context) { return AgentResult.done(); }
                    }
                    """.formatted(summary)).jarAs(folder.file(BROKEN));
            assertProblem(REFUSED, "The summary of its agent \"broken\" must have 1 to 200 characters");
        }
    }

    @Test
    void an_agent_without_its_annotation_is_refused() {
        pluginWith("""
                final class BrokenAgent implements Agent {
                    @Override public AgentResult run(AgentContext context) { return AgentResult.done(); }
                }
                """).jarAs(folder.file(BROKEN));
        assertProblem(REFUSED, "demo.broken.BrokenAgent has no @AgentInfo");
    }

    @Test
    void a_tool_with_records_that_cannot_be_json_is_refused() {
        plugin().extension("demo.broken.OddTool", """
                @ToolInfo(name = "odd", summary = "s") final class OddTool implements Tool<OddTool.In, OddTool.In> {
                    record In(Set<String> names) {}
                    @Override public In call(In input, ToolContext context) { return input; }
                }
                """).jarAs(folder.file(BROKEN));
        assertProblem(REFUSED,
                "Its tool \"odd\" has records that cannot be JSON. Component demo.broken.OddTool$In.names");
    }

    @Test
    void a_tool_without_record_types_is_refused() {
        plugin().extension("demo.broken.RawTool", """
                @SuppressWarnings("rawtypes")
                @ToolInfo(name = "raw", summary = "s") final class RawTool implements Tool {
                    @Override public Record call(Record input, ToolContext context) { return input; }
                }
                """).jarAs(folder.file(BROKEN));
        assertProblem(REFUSED, "must implement Tool<I, O> with two record classes");
    }

    @Test
    void two_tools_of_one_name_are_refused() {
        var tool = """
                @ToolInfo(name = "same", summary = "s") final class %s implements Tool<AgentResult.Nothing, AgentResult.Nothing> {
                    @Override public AgentResult.Nothing call(AgentResult.Nothing input, ToolContext context) { return input; }
                }
                """;
        plugin().extension("demo.broken.One", tool.formatted("One")).extension("demo.broken.Two", tool.formatted("Two"))
                .jarAs(folder.file(BROKEN));
        assertProblem(REFUSED, "two tools named \"same\"");
    }

    @Test
    void a_plugin_with_nothing_in_its_index_is_refused() {
        PluginSource.of("broken", "demo.broken").source("demo.broken.Lonely", "class Lonely {}")
                .jarAs(folder.file(BROKEN));
        assertProblem(REFUSED, "neither agent nor tool");
    }

    @Test
    void a_second_file_of_one_id_is_refused_whatever_its_version() {
        plugin().jarAs(folder.file("b-other.jar"));
        plugin().manifest("Plugin-Version", "2.0.0").jarAs(folder.file(BROKEN));
        assertProblem(REFUSED, "The file b-other.jar is the plugin broken already, in version 1.0.0");
    }

    @Test
    void a_second_agent_of_one_name_is_refused_naming_the_plugin_that_has_it() {
        PluginSource.of("broken", "demo.broken").agent("demo.broken.TheAgent", "first", "return AgentResult.done();")
                .jarAs(folder.file(BROKEN));
        assertProblem(REFUSED, "Its agent \"first\" has the name of an agent of plugin first");
    }

    @ParameterizedTest
    @ValueSource(strings = {"io.insula.agent", "org.slf4j.helpers", "jakarta.inject", "org.pf4j",
            "com.google.inject.spi",
            "io.insula.engine.user", "sun.misc", "javax.sql"})
    void a_package_of_the_platform_is_refused(String packageName) {
        plugin().resource(packageName.replace('.', '/') + "/Own.class", minimalClass()).jarAs(folder.file(BROKEN));
        var problem = folder.problemOf(BROKEN, REFUSED);
        assertTrue(problem.contains("brings the package " + packageName) || problem.contains("do not fit together"),
                problem);
    }

    private static byte[] minimalClass() {
        return new byte[]{(byte) 0xCA, (byte) 0xFE, (byte) 0xBA, (byte) 0xBE, 0, 0, 0, 69, 0, 1};
    }

    @Test
    void a_zip_that_bundles_the_agent_api_is_refused() throws IOException {
        var api = PluginSource.library("io.insula.agent").source("io.insula.agent.Forged", "public class Forged {}");
        assertBundled(api, "io.insula.agent");
    }

    private void assertBundled(PluginSource library, String module) throws IOException {
        var own = plugin().jarAs(root.resolve("own.jar"));
        // The library requires what it pretends to be; that is no module-info a compiler takes.
        var bundled = library.withoutModuleInfo().manifest("Automatic-Module-Name", module)
                .jarAs(root.resolve("bundled.jar"));
        PluginSource.zip(folder.file("broken.zip"),
                Map.of("lib/own.jar", Files.readAllBytes(own), "lib/bundled.jar", Files.readAllBytes(bundled)));
        var problem = folder.problemOf("broken.zip", REFUSED);
        assertTrue(problem.contains("It brings the module " + module + ", which is the platform's"), problem);
    }

    @ParameterizedTest
    @ValueSource(strings = {"jdk.broken", "java.broken", "io.insula.plugin.broken"})
    void a_module_with_a_name_of_the_platform_is_refused(String module) {
        PluginSource.of("broken", module).agent("demo.broken.TheAgent", "broken", "return AgentResult.done();")
                .jarAs(folder.file(BROKEN));
        assertProblem(REFUSED, "It brings the module " + module + ", which is the platform's");
    }

    @ParameterizedTest
    @ValueSource(strings = {"java.desktop", "java.management", "java.sql", "jdk.unsupported", "java.instrument"})
    void a_module_that_plugins_may_not_use_is_refused(String required) {
        plugin().moduleBody("requires " + required + ";").jarAs(folder.file(BROKEN));
        assertProblem(REFUSED, "Its module demo.broken requires " + required + ", which plugins may not use");
    }

    @Test
    void a_symbolic_link_is_refused() throws IOException {
        var elsewhere = plugin().jarAs(root.resolve("elsewhere.jar"));
        Files.createSymbolicLink(folder.file(BROKEN), elsewhere);
        assertProblem(REFUSED, "symbolic link");
    }

    @Test
    void a_folder_is_refused() throws IOException {
        Files.createDirectory(folder.file(BROKEN));
        assertProblem(REFUSED, "It is not a file");
    }

    @Test
    void a_file_that_anyone_may_write_is_refused() throws IOException {
        var file = plugin().jarAs(folder.file(BROKEN));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-rw-"));
        assertProblem(REFUSED, "Anyone on this machine may write to broken.jar");
    }

    @Test
    void a_folder_that_anyone_may_write_is_not_read() throws IOException {
        Files.setPosixFilePermissions(folder.path(), PosixFilePermissions.fromString("rwxrwxrwx"));
        try (var host = folder.start()) {
            assertTrue(host.agents().isEmpty());
            assertTrue(host.plugins().getFirst().problem().orElseThrow().contains("Anyone on this machine may write"));
        }
        Files.setPosixFilePermissions(folder.path(), PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    @Test
    void a_problem_is_one_line_of_printable_text() {
        plugin().manifest("Plugin-Id", "a\u001b[31mb").jarAs(folder.file(BROKEN));
        var problem = folder.problemOf(BROKEN, REFUSED);
        assertTrue(problem.chars().noneMatch(Character::isISOControl), problem);
    }
}
