package io.insula.agent.rules;

import java.util.List;
import java.util.stream.Collectors;

/**
 * What came of checking a plugin: it is accepted, or it breaks rules.
 *
 * @param findings where it breaks rules, at most {@value #MOST_FINDINGS}; empty if it is accepted
 * @param more how many findings there are beyond these
 */
public record Verdict(List<Finding> findings, int more) {
    /** As many findings are told in full. */
    public static final int MOST_FINDINGS = 100;

    /** Copies the findings. */
    public Verdict {
        findings = List.copyOf(findings);
    }

    /** Nothing was found. */
    public static Verdict ofNothing() {
        return new Verdict(List.of(), 0);
    }

    /** One thing was found. */
    public static Verdict of(Finding finding) {
        return new Verdict(List.of(finding), 0);
    }

    /** Whether the plugin keeps all rules. */
    public boolean accepted() {
        return findings.isEmpty();
    }

    /** Both, one after the other. */
    public Verdict and(Verdict other) {
        var all = new Findings();
        findings.forEach(all::add);
        other.findings.forEach(all::add);
        return all.verdict(more + other.more);
    }

    /**
     * The findings in words.
     *
     * @param most how many of them are told
     * @param separator stands between two
     */
    public String text(int most, String separator) {
        if (accepted()) {
            return "It keeps all rules.";
        }
        var rest = Math.max(0, findings.size() - most) + more;
        return findings.stream().limit(most).map(Finding::text).collect(Collectors.joining(separator))
                + (rest == 0 ? "" : separator + "And " + rest + " more.");
    }
}
