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
    private Optional<RunId> run = Optional.empty();
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

    /** Says that it is of this run: it is not written if something before it was not that is of the same run. */
    JournalAppend of(RunId owner) {
        run = Optional.of(owner);
        return this;
    }

    /** The run that it continues, if it is of one. */
    Optional<RunId> run() {
        return run;
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
