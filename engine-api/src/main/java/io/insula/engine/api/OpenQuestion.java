package io.insula.engine.api;

import java.time.Instant;
import java.util.List;

/**
 * A question that waits for its answer.
 *
 * @param id unique within the run
 * @param kind what kind of answer it wants
 * @param text what to show
 * @param options the options of a choice, else empty; unmodifiable
 * @param expiresAt until when it can be answered
 */
public record OpenQuestion(String id, Kind kind, String text, List<String> options, Instant expiresAt) {
    /** Copies the list. */
    public OpenQuestion {
        options = List.copyOf(options);
    }

    /** What kind of answer a question wants. */
    public enum Kind {
        /** Yes or no. */
        APPROVAL,
        /** One of the options. */
        CHOICE,
        /** Words. */
        TEXT,
        /** Files. */
        FILES
    }
}
