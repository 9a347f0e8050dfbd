package io.insula.plugin.host;

import static io.insula.plugin.host.PluginState.REFUSED;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.insula.agent.rules.Capability;
import io.insula.agent.rules.Finding;
import io.insula.agent.rules.Rule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The gate before the host: what breaks a rule never runs. Which rules there are, the tests of the rules show. */
final class PluginGateTest {
    private static final String READER =
            "java.nio.file.Files.readString(java.nio.file.Path.of(\"a\")); return AgentResult.done();";

    @TempDir
    Path root;

    private PluginFolder folder;

    @BeforeEach
    void makeFolder() {
        folder = new PluginFolder(root);
    }

    private PluginSource reader() {
        return PluginSource.of("reader", "demo.reader").agent("demo.reader.ReaderAgent", "reader", READER);
    }

    private PluginInspection inspect(String file, PluginGrants grants) throws IOException {
        return PluginInspection.of(folder.file(file), folder.settings(PluginLimits.defaults(), grants));
    }

    @Test
    void a_plugin_that_breaks_a_rule_is_refused_by_name_and_none_of_its_code_runs() {
        PluginSource.withAgent("well").jarAs(folder.file("well.jar"));
        PluginSource.of("bad", "demo.bad").extension("demo.bad.BadAgent", """
                @AgentInfo(name = "bad", summary = "s") final class BadAgent implements Agent {
                    static { System.setProperty("insula.test.gate", "ran"); }
                    @Override public AgentResult run(AgentContext context) { return AgentResult.done(); }
                }
                """).jarAs(folder.file("bad.jar"));

        try (var host = folder.start()) {
            var report = PluginFolder.report(host, "bad.jar");
            assertEquals(REFUSED, report.state());
            assertEquals(Optional.of("bad"), report.id());
            assertEquals(Optional.of("1.0.0"), report.version());
            var problem = report.problem().orElseThrow();
            assertTrue(problem.contains("[process-wide] demo.bad.BadAgent.<clinit> uses java.lang.System.setProperty"),
                    problem);
            assertEquals(PluginState.STARTED, PluginFolder.report(host, "well.jar").state());
        }
        assertEquals(null, System.getProperty("insula.test.gate"));
    }

    @Test
    void a_bundled_library_is_held_to_its_own_list() throws IOException {
        for (var body : Map.of("System.out.println(1);", true, "System.exit(1);", false).entrySet()) {
            var library = PluginSource.library("demo.library").moduleBody("exports demo.library;")
                    .source("demo.library.Words",
                            "public class Words { public static void say() { " + body.getKey() + " } }")
                    .jarAs(root.resolve("library.jar"));
            var own = PluginSource.of("packed", "demo.packed").moduleBody("requires demo.library;")
                    .compiledAgainst(library)
                    .agent("demo.packed.PackedAgent", "packed", "demo.library.Words.say(); return AgentResult.done();")
                    .jarAs(root.resolve("own.jar"));
            PluginSource.zip(folder.file("packed.zip"),
                    Map.of("lib/own.jar", Files.readAllBytes(own), "lib/library.jar", Files.readAllBytes(library)));

            var verdict = inspect("packed.zip", PluginGrants.none()).verdict();

            assertEquals(body.getValue(), verdict.accepted(), () -> verdict.text(5, "\n"));
        }
    }

    @Test
    void a_capability_that_is_not_asked_for_is_named_as_the_way_out() {
        reader().jarAs(folder.file("reader.jar"));

        var problem = folder.problemOf("reader.jar", REFUSED);

        assertTrue(problem.contains("[files] demo.reader.ReaderAgent.run uses java.nio.file.Path.of"), problem);
        assertTrue(problem.contains("write Plugin-Capabilities: files into the manifest"), problem);
    }

    @Test
    void a_capability_without_a_grant_is_refused_with_the_line_that_grants_it() throws IOException {
        reader().manifest("Plugin-Capabilities", "files").jarAs(folder.file("reader.jar"));

        var problem = folder.problemOf("reader.jar", REFUSED);

        assertFalse(problem.contains("[files]"), problem);
        var line = problem.substring(problem.indexOf("plugins.grants=") + "plugins.grants=".length()).strip();
        try (var host = folder.start(PluginGrants.of(line))) {
            assertTrue(host.lease("reader").isPresent(), () -> host.plugins().toString());
        }
        var others = inspect("reader.jar", PluginGrants.of(line.replace("reader:", "other:"))).verdict();
        assertTrue(others.findings().getFirst().remedy().contains("after a comma: " + line), () -> others.text(1, ""));
    }

    @Test
    void a_grant_holds_for_one_file_alone() throws IOException {
        reader().manifest("Plugin-Capabilities", "files").jarAs(folder.file("reader.jar"));
        var granted = new PluginGrants(List.of(new PluginGrants.Grant("reader",
                inspect("reader.jar", PluginGrants.none()).sha256().orElseThrow(), Set.of(Capability.FILES))));
        assertTrue(inspect("reader.jar", granted).verdict().accepted());

        reader().manifest("Plugin-Capabilities", "files").manifest("Plugin-Provider", "changed")
                .jarAs(folder.file("reader.jar"));

        assertEquals(List.of(Rule.CAPABILITIES),
                inspect("reader.jar", granted).verdict().findings().stream().map(Finding::rule).toList());
    }

    @Test
    void a_grant_of_less_than_is_asked_for_is_not_enough() throws IOException {
        reader().manifest("Plugin-Capabilities", "files, process").jarAs(folder.file("reader.jar"));
        var sha256 = inspect("reader.jar", PluginGrants.none()).sha256().orElseThrow();
        var less = PluginGrants.of("reader:" + sha256 + ":files");
        var enough = PluginGrants.of("reader:" + sha256 + ":files, reader:" + sha256 + ":process");

        assertFalse(inspect("reader.jar", less).verdict().accepted());
        assertTrue(inspect("reader.jar", enough).verdict().accepted());
        assertEquals(Set.of(Capability.FILES, Capability.PROCESS), inspect("reader.jar", enough).asks());
    }

    @Test
    void a_grant_that_the_plugin_does_not_ask_for_changes_nothing() throws IOException {
        reader().jarAs(folder.file("reader.jar"));
        var sha256 = inspect("reader.jar", PluginGrants.none()).sha256().orElseThrow();

        assertFalse(inspect("reader.jar", PluginGrants.of("reader:" + sha256 + ":files")).verdict().accepted());
    }

    @ParameterizedTest
    @ValueSource(strings = {"everything", "Files", "files;process", ""})
    void a_capability_that_is_none_is_refused(String word) throws IOException {
        reader().manifest("Plugin-Capabilities", word).jarAs(folder.file("reader.jar"));

        var finding = inspect("reader.jar", PluginGrants.none()).verdict().findings().getFirst();

        assertEquals(Rule.DESCRIPTOR, finding.rule());
        assertTrue(finding.reason().contains("which is none. There are network-client, files"), finding.reason());
    }

    @ParameterizedTest
    @ValueSource(strings = {"reader", "reader:files", "reader:abc:files", "1st:%s:files", "reader:%s:",
            "reader:%s:all"})
    void a_grant_that_is_none_is_an_error(String text) {
        assertThrows(IllegalArgumentException.class, () -> PluginGrants.of(text.formatted("0".repeat(64))));
    }

    @Test
    void there_are_at_most_as_many_grants_as_the_limit() {
        var one = ":" + "0".repeat(64) + ":files";
        var most = IntStream.range(0, PluginGrants.MOST_ENTRIES).mapToObj(number -> "p" + number + one)
                .collect(Collectors.joining(","));

        assertEquals(PluginGrants.MOST_ENTRIES, PluginGrants.of(most).entries().size());
        assertThrows(IllegalArgumentException.class,
                () -> PluginGrants.of(most + ",p" + one));
    }

    @Test
    void each_rule_about_the_file_refuses_one_that_breaks_it_alone() throws IOException {
        var breaking = new EnumMap<Rule, PluginSource>(Map.of(
                Rule.DESCRIPTOR, PluginSource.withAgent("a").manifest("Plugin-Version", "new"),
                Rule.REQUIRED_MODULES, PluginSource.withAgent("a").moduleBody("requires java.sql;"),
                Rule.PLATFORM_NAMES,
                PluginSource.withAgent("a").source("io.insula.agent.own.Extra", "final class Extra {}"),
                Rule.CAPABILITIES, PluginSource.withAgent("a").manifest("Plugin-Capabilities", "process")));
        for (var each : breaking.entrySet()) {
            each.getValue().jarAs(folder.file("a.jar"));
            assertEquals(List.of(each.getKey()), rulesOf("a.jar"));
        }
        Files.writeString(folder.file("a.jar"), "garbage");
        assertEquals(List.of(Rule.ARCHIVE), rulesOf("a.jar"));
        PluginSource.withAgent("a").moduleBody("requires java.xml;")
                .source("demo.agent.own.Extra", "final class Extra {}").jarAs(folder.file("a.jar"));
        assertEquals(List.of(), rulesOf("a.jar"));
    }

    private List<Rule> rulesOf(String file) throws IOException {
        return inspect(file, PluginGrants.none()).verdict().findings().stream().map(Finding::rule).toList();
    }

    @Test
    void all_that_is_wrong_with_a_file_is_told_at_once() throws IOException {
        reader().moduleBody("requires java.sql;").manifest("Plugin-Capabilities", "process")
                .jarAs(folder.file("a.jar"));

        var rules = inspect("a.jar", PluginGrants.none()).verdict().findings().stream().map(Finding::rule)
                .collect(Collectors.toSet());

        assertEquals(Set.of(Rule.CAPABILITIES, Rule.REQUIRED_MODULES, Rule.FILES), rules);
    }

    @Test
    void a_file_that_is_no_archive_is_told_as_such_and_nothing_is_left_behind() throws IOException {
        Files.writeString(folder.file("a.jar"), "garbage");
        reader().jarAs(folder.file("b.jar"));

        var inspection = inspect("a.jar", PluginGrants.none());
        inspect("b.jar", PluginGrants.none());

        assertEquals(Rule.ARCHIVE, inspection.verdict().findings().getFirst().rule());
        assertEquals(Optional.empty(), inspection.sha256());
        try (var left = Files.list(folder.work())) {
            assertEquals(List.of(), left.toList());
        }
    }
}
