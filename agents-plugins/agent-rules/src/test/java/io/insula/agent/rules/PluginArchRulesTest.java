package io.insula.agent.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** ArchUnit finds what the gate finds, wherever the classes come from. */
final class PluginArchRulesTest {
    private static final String STATIC_STATE = """
            public class Sample {
                static int calls;
                static class Inner { void stop() { System.exit(1); } }
            }
            """;
    private static final String HARMLESS = """
            public class Sample {
                int calls;
            }
            """;

    @TempDir
    Path folder;

    private Path compiled(String text) throws IOException {
        return Compiled.in(folder, Map.of("demo.parts", text));
    }

    private static JavaClasses imported(Path place) {
        return new ClassFileImporter().importPath(place);
    }

    @Test
    void finds_what_the_assertion_finds_in_a_folder() throws IOException {
        var classes = compiled(STATIC_STATE);
        var found = assertThrows(AssertionError.class,
                () -> PluginArchRules.keepTheRulesOfThePlatform().check(imported(classes)));
        var expected = PluginRules.check(new PluginFiles(classes, List.of()), Set.of());

        assertEquals(2, expected.findings().size(), () -> expected.text(10, "\n"));
        for (var finding : expected.findings()) {
            assertTrue(found.toString().contains(finding.text()), found::toString);
        }
    }

    @Test
    void finds_it_in_a_jar() throws IOException {
        var classes = compiled(STATIC_STATE);
        var jar = folder.resolve("plugin.jar");
        try (OutputStream file = Files.newOutputStream(jar);
                var out = new JarOutputStream(file);
                var files = Files.walk(classes)) {
            for (var each : files.filter(Files::isRegularFile).toList()) {
                out.putNextEntry(new JarEntry(classes.relativize(each).toString()));
                Files.copy(each, out);
            }
        }
        JavaClasses imported;
        try (var file = new JarFile(jar.toFile())) {
            imported = new ClassFileImporter().importJar(file);
        }
        var found = assertThrows(AssertionError.class,
                () -> PluginArchRules.keepTheRulesOfThePlatform().check(imported));

        assertTrue(found.toString().contains("demo.parts.Sample.calls"), found::toString);
    }

    @Test
    void says_nothing_of_what_keeps_the_rules() throws IOException {
        PluginArchRules.keepTheRulesOfThePlatform().check(imported(compiled(HARMLESS)));
    }
}
