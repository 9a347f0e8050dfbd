package io.insula.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every rule holds for what we ship, and fails for each of its violations. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ArchitectureTest {
    private Scan shipped;

    @BeforeAll
    void scan() {
        shipped = Scan.of(Shipped.folders());
    }

    static List<Rule> rules() {
        return Stream
                .of(EngineRules.all(), ThreadAndTimeRules.all(), DependencyRules.all(), StateRules.all(),
                        ValueRules.all())
                .flatMap(List::stream).toList();
    }

    @ParameterizedTest
    @MethodSource("rules")
    void holdsForWhatWeShip(Rule rule) {
        var violations = rule.violations(shipped);

        assertEquals(List.of(), Exemptions.remaining(rule, violations),
                () -> rule.text() + "\nbroken by:\n" + String.join("\n", Exemptions.remaining(rule, violations))
                        + "\n");
        assertEquals(Set.of(), Exemptions.unused(rule, violations), "exemptions that are not needed any more");
    }

    @ParameterizedTest
    @MethodSource("rules")
    void failsForEachOfItsViolations(Rule rule, @TempDir Path classes) throws IOException {
        var cases = Violations.cases(rule.id());
        assertFalse(cases.isEmpty(), () -> "the rule " + rule + " has no violation that shows that it can fail");

        for (var each : cases) {
            var scan = Violations.compile(each, Files.createDirectory(classes.resolve(each.getFileName().toString())));
            var violations = rule.violations(scan);

            assertFalse(violations.isEmpty(), () -> rule.text() + "\npasses over " + each);
        }
    }

    @Test
    void everyViolationBelongsToARule() throws IOException {
        var ids = rules().stream().map(Rule::id).collect(Collectors.toCollection(TreeSet::new));

        assertEquals(List.copyOf(ids), Violations.rules());
    }

    @Test
    void aScanThatMissedClassesFails() {
        for (var module : Shipped.MODULES) {
            long found =
                    shipped.files().stream().filter(file -> packageOf(Scan.name(file)).equals(module.name())).count();

            assertTrue(found >= module.floor(),
                    () -> module.name() + " has " + found + " classes, fewer than " + module.floor());
        }
        assertEquals(shipped.files().size(), shipped.classes().size(), "ArchUnit read other classes than lie there");
    }

    @Test
    void theTableOfModulesHoldsEveryModuleThatTheReactorBuilds() throws IOException {
        var unshipped = Set.of("app/architecture-tests", "app/distribution", "app/end-to-end",
                "app/end-to-end-plugins", "agents-plugins/template");
        try (var files = Files.walk(Shipped.ROOT, 3)) {
            var built = files
                    .filter(file -> file.endsWith("src/main/java/module-info.java") || file.endsWith("pom.xml"))
                    .map(Path::getParent).filter(folder -> Files.isDirectory(folder.resolve("src/main/java")))
                    .map(folder -> Shipped.ROOT.relativize(folder).toString())
                    .filter(folder -> !unshipped.contains(folder))
                    .collect(Collectors.toCollection(TreeSet::new));

            assertEquals(
                    Shipped.MODULES.stream().map(Shipped.Shipment::folder)
                            .collect(Collectors.toCollection(TreeSet::new)),
                    built);
        }
    }

    private static String packageOf(String className) {
        return className.substring(0, className.lastIndexOf('.'));
    }
}
