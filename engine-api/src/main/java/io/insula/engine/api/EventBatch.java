package io.insula.engine.api;

import java.util.List;

/**
 * Consecutive events of one user.
 *
 * @param epoch the log they are from
 * @param events in order, without holes; perhaps empty; unmodifiable
 */
public record EventBatch(String epoch, List<UserEvent> events) {
    /** Copies the list. */
    public EventBatch {
        events = List.copyOf(events);
    }
}
