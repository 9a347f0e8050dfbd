package io.insula.cost.advisor;

import io.insula.agent.Attachment;
import java.util.List;
import java.util.Optional;

/**
 * Whether the data suffices.
 *
 * @param verdict how far
 * @param log the file to read
 * @param prices the price table that the user attached, if one
 * @param format how the log is built
 * @param canSay what can be said
 * @param missing what cannot, and which column would help
 * @param notes what else the reader should know
 */
record Triage(
        Verdict verdict,
        Attachment log,
        Optional<Attachment> prices,
        String format,
        List<String> canSay,
        List<String> missing,
        List<String> notes) {
    Triage {
        canSay = List.copyOf(canSay);
        missing = List.copyOf(missing);
        notes = List.copyOf(notes);
    }

    /** How far the data suffices; where there is none, the user is asked for it. */
    enum Verdict {
        /** Everything can be said. */
        SUFFICIENT,
        /** A part can be said. */
        PARTIAL
    }
}
