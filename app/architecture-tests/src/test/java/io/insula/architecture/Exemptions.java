package io.insula.architecture;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** The only places where a rule does not hold, each with its reason. One that is no longer needed fails the build. */
final class Exemptions {
    /**
     * A class that a rule leaves in peace.
     *
     * @param rule the rule's id
     * @param type the class's full name; its nested classes are not meant
     * @param reason why it must be so
     */
    record Exemption(String rule, String type, String reason) {
        boolean covers(String violation) {
            return violation.contains("<" + type + ".") || violation.contains("<" + type + ">");
        }
    }

    static final List<Exemption> ALL = List.of();

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
