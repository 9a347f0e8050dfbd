package io.insula.agent.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.module.ModuleDescriptor;
import java.net.URI;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The tables of rules, against the JDK that runs them and the documentation that tells of them. */
final class TablesTest {
    private static final Path ROOT = Path.of(System.getProperty("reactor.root", ""));

    @Test
    void the_documentation_holds_the_tables_of_rules_and_capabilities() throws IOException {
        var documentation = Files.readString(ROOT.resolve("docs/plugin-rules.md"));

        assertTrue(documentation.contains(Rule.asMarkdown()), () -> "expected in it:\n" + Rule.asMarkdown());
        for (var capability : Capability.values()) {
            var row = "| `" + capability.id() + "` | " + capability.allows() + " |";
            assertTrue(documentation.contains(row), row);
        }
    }

    @Test
    void ids_are_unique_words() {
        var ids = Arrays.stream(Rule.values()).map(Rule::id).toList();

        assertEquals(ids.size(), Set.copyOf(ids).size());
        assertTrue(ids.stream().allMatch(id -> id.matches("[a-z]+(-[a-z]+)*")), ids::toString);
        assertTrue(Capability.ids().stream().allMatch(id -> Capability.of(id).orElseThrow().id().equals(id)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"deny no-rule java.lang: Thread", "refuse threads java.lang: Thread",
            "permit java.lang: Thread", "deny java.lang: Thread", "allow threads java.lang: Thread",
            "deny threads java.lang Thread", "allow java.lang: Thread Thread"})
    void a_line_that_is_no_rule_or_says_something_twice_is_not_read(String line) {
        var thrown = assertThrows(IllegalStateException.class, () -> ReferenceTable.of("a table", List.of(line)));

        assertTrue(String.valueOf(thrown.getMessage()).startsWith("a table has "), thrown::toString);
    }

    @Test
    void lines_that_are_rules_are_read() {
        var table = ReferenceTable.of("a table",
                List.of("# about threads", "", "deny threads java.lang: Thread", "allow java.lang: String Integer"));

        assertEquals(Optional.of(Optional.of(Rule.THREADS)), table.type("java.lang.Thread"));
        assertEquals(Optional.of(Optional.empty()), table.type("java.lang.Integer"));
        assertEquals(Optional.empty(), table.type("java.lang.Long"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"java.lang.Thread", "java.lang.ClassLoader", "java.lang.Module", "java.lang.System",
            "java.lang.reflect.Method", "java.lang.invoke.MethodHandles$Lookup", "java.net.http.HttpClient",
            "java.nio.file.Files", "java.nio.file.spi.FileSystemProvider", "sun.misc.Unsafe",
            "jdk.internal.misc.Unsafe", "java.util.spi.LocaleServiceProvider", "java.lang.instrument.Instrumentation",
            "java.rmi.Naming", "javax.management.MBeanServer", "java.lang.ref.Cleaner", "java.lang.StableValue"})
    void classes_that_lead_out_are_refused(String name) {
        assertTrue(ReferenceTable.OWN.type(name).map(rule -> rule.isPresent()).orElse(PlatformNames.isOfJdk(name)),
                name);
    }

    @Test
    void every_class_that_the_table_names_is_in_the_jdk() throws Exception {
        var missing = new ArrayList<String>();
        for (var table : List.of("own.rules", "library.rules")) {
            for (var line : Files.readAllLines(ROOT.resolve(
                    "agents-plugins/agent-rules/src/main/resources/io/insula/agent/rules/" + table))) {
                if (!line.startsWith("#") && line.contains(": ") && line.matches(".* javax?\\.[a-z.]+: .*")) {
                    var packageName = line.substring(0, line.indexOf(": ")).replaceAll(".* ", "");
                    for (var name : line.substring(line.indexOf(": ") + 2).split(" ", -1)) {
                        var problem = problemOf(packageName, name);
                        if (!problem.isEmpty()) {
                            missing.add(table + ": " + problem);
                        }
                    }
                }
            }
        }
        assertEquals(List.of(), missing);
    }

    private static String problemOf(String packageName, String name) throws ClassNotFoundException {
        if (name.startsWith("*")) {
            return ClassLoader.getSystemClassLoader().getDefinedPackage(packageName) == null
                    && Files.notExists(
                            FileSystems.getFileSystem(URI.create("jrt:/")).getPath("/packages/" + packageName))
                                    ? packageName
                                    : "";
        }
        var parts = name.split("\\.", 2);
        Class<?> type;
        try {
            type = Class.forName(packageName + "." + parts[0], false, ClassLoader.getPlatformClassLoader());
        } catch (ClassNotFoundException e) {
            return packageName + "." + parts[0];
        }
        if (parts.length == 1 || parts[1].equals("*")) {
            return "";
        }
        var member = parts[1].replaceAll("\\(.*", "");
        var found =
                member.equals("<init>") || Arrays.stream(type.getMethods()).anyMatch(m -> m.getName().equals(member))
                        || Arrays.stream(type.getDeclaredMethods()).anyMatch(m -> m.getName().equals(member));
        return found ? "" : packageName + "." + name;
    }

    @Test
    void packages_that_hold_ways_out_are_allowed_class_by_class() throws Exception {
        for (var packageName : List.of("java.lang", "java.io", "java.net", "java.util", "java.util.concurrent",
                "java.lang.reflect", "java.lang.invoke", "java.security", "java.nio.channels")) {
            // A class that a later JDK adds there must not be allowed by a line that knew nothing of it.
            assertTrue(!ReferenceTable.OWN.type(packageName + ".AddedLater").equals(
                    java.util.Optional.of(java.util.Optional.<Rule>empty())), packageName);
        }
    }

    @Test
    void modules_and_packages_of_the_platform_are_refused_and_so_are_requires_that_are_not_on_the_list() {
        var fine = ModuleDescriptor.newModule("demo").requires("io.insula.agent").requires("demo.library")
                .requires(Set.of(ModuleDescriptor.Requires.Modifier.STATIC), "org.jspecify")
                .packages(Set.of("demo")).build();
        var library = ModuleDescriptor.newModule("demo.library").build();
        assertTrue(ModuleRules.check(List.of(fine, library), Set.of()).accepted());
        assertEquals(Rule.REQUIRED_MODULES, ModuleRules.check(List.of(fine), Set.of()).findings().getFirst().rule());
        assertTrue(ModuleRules.check(List.of(fine), Set.of("demo.library")).accepted());
        for (var wrong : List.of(ModuleDescriptor.newModule("java.demo").build(),
                ModuleDescriptor.newModule("demo").packages(Set.of("io.insula.agent.own")).build(),
                ModuleDescriptor.newModule("demo").packages(Set.of("java.util")).build())) {
            assertEquals(List.of(Rule.PLATFORM_NAMES), ModuleRules.check(List.of(wrong), Set.of()).findings().stream()
                    .map(Finding::rule).toList());
        }
    }
}
