package io.insula.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static java.util.stream.Collectors.toMap;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Who may use whom. */
final class DependencyRules {
    private static final Map<String, Set<String>> USES =
            Shipped.MODULES.stream().collect(toMap(Shipped.Shipment::name, Shipped.Shipment::uses));
    private static final Set<String> JAVA_BASE = Object.class.getModule().getPackages();

    /** Classes outside the plugin host and the composition root that may know Guice: the modules of the parts. */
    private static final Set<String> GUICE_MODULES = Set.of(
            Shipped.ENGINE_USER + ".EngineModule",
            Shipped.TRANSPORT + ".TransportModule");

    private DependencyRules() {}

    static List<Rule> all() {
        return List.of(
                Rule.of("direction", classes().should(new UseOnlyWhatTheTableAllows()).because(
                        "arrows between our modules point one way, and the transport knows the engine only by its interface")),
                Rule.of("cycles", slices().matching("io.insula.(**)").should().beFreeOfCycles().because(
                        "parts that need each other are one part")),
                Rule.of("agent-api", classes().that().resideInAPackage(Shipped.AGENT)
                        .should().onlyDependOnClassesThat(describe("are of java.base, jspecify or the package itself",
                                DependencyRules::authorsMayNeed))
                        .because("an author of a plugin needs nothing else to compile")),
                Rule.of("pf4j", noClasses().that().resideOutsideOfPackage(Shipped.HOST)
                        .should().dependOnClassesThat(describe("are of PF4J, but its mark for extensions",
                                type -> type.getName().startsWith("org.pf4j.")
                                        && !type.getName().equals("org.pf4j.Extension")))
                        .because("how plugins are loaded is the plugin host's affair")),
                Rule.of("guice", noClasses().that(describe("are neither the host, the app nor a module class",
                        DependencyRules::isWithoutGuice))
                        .should().dependOnClassesThat().resideInAPackage("com.google.inject..")
                        .because("parts are made by constructors; only what puts them together knows the injector")));
    }

    private static boolean authorsMayNeed(JavaClass type) {
        var element = type.getBaseComponentType();
        return element.isPrimitive() || JAVA_BASE.contains(element.getPackageName())
                || element.getPackageName().equals(Shipped.AGENT)
                || element.getPackageName().startsWith("org.jspecify.");
    }

    private static boolean isWithoutGuice(JavaClass type) {
        return !type.getPackageName().equals(Shipped.HOST) && !type.getPackageName().equals(Shipped.APP)
                && GUICE_MODULES.stream()
                        .noneMatch(name -> type.getName().equals(name) || type.getName().startsWith(name + "$"));
    }

    /** Each module uses those of ours that stand in the table, and lies in one package named like it. */
    private static final class UseOnlyWhatTheTableAllows extends ArchCondition<JavaClass> {
        private static final DescribedPredicate<JavaClass> OURS =
                describe("are ours", type -> type.getPackageName().startsWith("io.insula."));

        UseOnlyWhatTheTableAllows() {
            super("use only the modules of ours that the table of modules allows");
        }

        @Override
        public void check(JavaClass item, ConditionEvents events) {
            var uses = USES.get(item.getPackageName());
            if (uses == null) {
                events.add(SimpleConditionEvent.violated(item,
                        "Class <" + item.getName()
                                + "> is in a package of no module; each module has one, named like it"));
                return;
            }
            for (var dependency : item.getDirectDependenciesFromSelf()) {
                var target = dependency.getTargetClass().getBaseComponentType();
                if (OURS.test(target) && !target.getPackageName().equals(item.getPackageName())
                        && !uses.contains(target.getPackageName())) {
                    events.add(SimpleConditionEvent.violated(item, dependency.getDescription()));
                }
            }
        }
    }
}
