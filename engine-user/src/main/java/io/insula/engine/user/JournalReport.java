package io.insula.engine.user;

import io.insula.agent.RunId;
import io.insula.agent.UserId;
import io.insula.engine.api.RunState;
import java.util.List;
import java.util.Optional;

/**
 * What was found in a data folder.
 *
 * @param usable whether this program can serve from the folder
 * @param version the journal's format; 0 if there is none
 * @param bytes size of the journal's files
 * @param users how many users have a log
 * @param events how many events are kept
 * @param unfinished runs that go on or end as interrupted at the next start; unmodifiable
 * @param findings what is wrong, the first {@value #MOST_FINDINGS}; unmodifiable
 */
public record JournalReport(
        boolean usable,
        int version,
        long bytes,
        long users,
        long events,
        List<Unfinished> unfinished,
        List<Finding> findings) {
    /** The most findings that are told, and the most unfinished runs. */
    public static final int MOST_FINDINGS = 200;

    /** Copies the lists. */
    public JournalReport {
        unfinished = List.copyOf(unfinished);
        findings = List.copyOf(findings);
    }

    /** Whether nothing is wrong. */
    public boolean isSound() {
        return usable && findings.isEmpty();
    }

    /** A run that has not ended. */
    public record Unfinished(UserId user, RunId run, RunState state) {}

    /**
     * Something that is wrong.
     *
     * @param user whose data it is; empty if it is nobody's alone
     * @param text what is wrong and where; for the operator, without content of users
     */
    public record Finding(Optional<UserId> user, String text) {}
}
