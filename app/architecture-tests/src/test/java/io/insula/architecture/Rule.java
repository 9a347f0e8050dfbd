package io.insula.architecture;

import com.tngtech.archunit.lang.ArchRule;
import java.util.List;

/**
 * Something that must hold for all classes. The same value is asked about what we ship and about its violations.
 *
 * @param id names the folder of its violations
 * @param text the rule and why it is there
 * @param check finds what breaks it, each line naming the class in angle brackets
 */
record Rule(String id, String text, Check check) {
    /** Finds what breaks a rule. */
    @FunctionalInterface
    interface Check {
        List<String> violations(Scan scan);
    }

    static Rule of(String id, ArchRule rule) {
        return new Rule(id, rule.getDescription(),
                scan -> rule.allowEmptyShould(true).evaluate(scan.classes()).getFailureReport().getDetails());
    }

    List<String> violations(Scan scan) {
        return check.violations(scan);
    }

    @Override
    public String toString() {
        return id;
    }
}
