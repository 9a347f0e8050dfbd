package io.insula.architecture;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** The only places where a rule does not hold, each with its reason. One that is no longer needed fails the build. */
final class Exemptions {
    /**
     * A class or field that a rule leaves in peace.
     *
     * @param rule the rule's id
     * @param type the full name of the class, whose nested classes are not meant, or of a field
     * @param reason why it must be so
     */
    record Exemption(String rule, String type, String reason) {
        boolean covers(String violation) {
            return violation.contains("<" + type + ".") || violation.contains("<" + type + ">");
        }
    }

    static final List<Exemption> ALL = List.of(
            new Exemption("static-state", "io.insula.app.Json.MAPPER",
                    "built once and never configured; it reads and writes trees and knows no types of ours"),
            new Exemption("static-state", "io.insula.engine.user.JsonFields.MAPPER",
                    "a mapper of Jackson 3 cannot be changed once it is built"),
            new Exemption("static-state", "io.insula.plugin.host.JsonFormat.JSON",
                    "a factory of parsers that is never configured; what it keeps between uses are empty buffers"),
            new Exemption("static-state", "io.insula.plugin.host.PluginDescription.VERSIONS",
                    "compares version numbers and has no fields"),
            new Exemption("static-state", "io.insula.plugin.host.PluginModuleLoader.BOOTSTRAP",
                    "finds the classes of the JDK and defines none"),
            new Exemption("static-state", "io.insula.transport.websocket.MessageAssembly.NOTHING",
                    "an array of length 0 has nothing that could be written to"));

    private Exemptions() {}

    /** The violations of a rule that no exemption covers. */
    static List<String> remaining(Rule rule, List<String> violations) {
        return violations.stream().filter(violation -> of(rule).stream().noneMatch(each -> each.covers(violation)))
                .toList();
    }

    /** The exemptions of a rule that cover nothing any more. */
    static Set<String> unused(Rule rule, List<String> violations) {
        return of(rule).stream().filter(each -> violations.stream().noneMatch(each::covers)).map(Exemption::type)
                .collect(Collectors.toSet());
    }

    private static List<Exemption> of(Rule rule) {
        return ALL.stream().filter(each -> each.rule().equals(rule.id())).toList();
    }
}
