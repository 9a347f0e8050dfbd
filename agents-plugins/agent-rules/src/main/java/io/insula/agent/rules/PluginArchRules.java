package io.insula.agent.rules;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.Source;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The rules as a rule of ArchUnit, for authors whose build has others of these. It finds what {@link PluginAssertions}
 * finds: the scanner reads the class files that the imported classes come from. Needs ArchUnit, which the author's test
 * brings.
 *
 * <pre>{@code
 * @ArchTest
 * static final ArchRule RULES = PluginArchRules.keepTheRulesOfThePlatform();
 * }</pre>
 */
public final class PluginArchRules {
    private PluginArchRules() {}

    /**
     * All rules for a plugin's own module, over the folders and jars that the classes were imported from.
     *
     * @param capabilities what the plugin asks for in its manifest
     */
    // Who names it has ArchUnit: to require it of all readers would have the platform need it, too.
    @SuppressWarnings("exports")
    public static ArchRule keepTheRulesOfThePlatform(Capability... capabilities) {
        var asked = EnumSet.noneOf(Capability.class);
        asked.addAll(Arrays.asList(capabilities));
        return ArchRuleDefinition.classes().should(new KeepRules(asked));
    }

    private static final class KeepRules extends ArchCondition<JavaClass> {
        private final Set<Capability> asked;
        /** Where classes come from, each with one of them: what is found may be in no class, as in a module's descriptor. */
        private final Map<Path, JavaClass> places = new TreeMap<>();

        KeepRules(Set<Capability> asked) {
            super("keep the rules of the platform");
            this.asked = asked;
        }

        @Override
        public void check(JavaClass each, ConditionEvents events) {
            each.getSource().map(Source::getUri).map(uri -> place(uri, each.getName())).ifPresentOrElse(
                    place -> places.putIfAbsent(place, each),
                    () -> events
                            .add(SimpleConditionEvent.violated(each, each.getName() + " comes from no class file")));
        }

        @Override
        public void finish(ConditionEvents events) {
            places.forEach((place, one) -> {
                var verdict = verdict(place);
                verdict.findings().forEach(
                        finding -> events.add(SimpleConditionEvent.violated(one, finding.text())));
                if (verdict.more() > 0) {
                    events.add(SimpleConditionEvent.violated(one, "And " + verdict.more() + " more."));
                }
            });
            places.clear();
        }

        private Verdict verdict(Path place) {
            try {
                return PluginRules.check(new PluginFiles(place, List.of()), asked);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        /** The folder or jar in which a class file is. */
        private static Path place(URI source, String name) {
            var text = source.toString();
            if (text.startsWith("jar:")) {
                return Path.of(URI.create(text.substring("jar:".length(), text.indexOf("!/"))));
            }
            // One step up for the file, and one for each part of the package.
            return Path.of(source).resolve("../".repeat(name.split("\\.", -1).length)).normalize();
        }
    }
}
