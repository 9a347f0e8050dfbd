package io.insula.agent.rules;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Collects findings up to the limit and counts the rest. Used by one thread. */
final class Findings {
    private final Set<Finding> kept = new LinkedHashSet<>();
    private int more;

    void add(Finding finding) {
        if (kept.size() < Verdict.MOST_FINDINGS) {
            kept.add(finding);
        } else if (!kept.contains(finding)) {
            more++;
        }
    }

    Verdict verdict(int others) {
        return new Verdict(List.copyOf(kept), more + others);
    }
}
