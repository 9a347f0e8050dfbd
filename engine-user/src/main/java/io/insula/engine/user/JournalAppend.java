package io.insula.engine.user;

import io.insula.agent.RunId;
import io.insula.agent.ThreadId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What is to be written of one user, all of it or nothing.
 *
 * <p>Filled by one thread, then given to the journal and not touched again.
 */
final class JournalAppend {
    private final List<EventDraft> events = new ArrayList<>();
    private final List<RecordChange> changes = new ArrayList<>();
    private Optional<AppendChain> chain = Optional.empty();
    private long bytes;

    /** An event that has no place yet. */
    record EventDraft(ThreadId thread, RunId run, String json) {}

    /** Adds an event. */
    JournalAppend event(ThreadId thread, RunId run, String json) {
        events.add(new EventDraft(thread, run, json));
        bytes += json.length();
        return this;
    }

    /** Adds a change to the records. */
    JournalAppend change(RecordChange change) {
        changes.add(change);
        return this;
    }

    /** Puts it behind everything that was given to the journal in the same chain. */
    JournalAppend in(AppendChain one) {
        chain = Optional.of(one);
        return this;
    }

    /** The chain that it continues, if it is in one. */
    Optional<AppendChain> chain() {
        return chain;
    }

    List<EventDraft> events() {
        return events;
    }

    List<RecordChange> changes() {
        return changes;
    }

    /** Characters of JSON, which is what waiting and keeping is measured in. */
    long bytes() {
        return bytes;
    }
}
