package io.insula.engine.user;

import io.insula.engine.api.UserEvent;
import java.util.List;
import java.util.Set;

/**
 * What is appended at once.
 *
 * @param runs those that it says something about, or what came before it in its chain
 */
record Decision(List<DecidedEvent> events, Set<String> runs) {
    /**
     * What an append decides.
     *
     * @param runs those that were named before in its chain; gets those that it names
     */
    static Decision of(JournalAppend append, Set<String> runs) {
        List<DecidedEvent> events = append.events().stream().map(DecidedEvent::new).toList();
        events.forEach(event -> runs.add(event.run));
        for (RecordChange change : append.changes()) {
            if (change instanceof RecordChange.RunSaved(RunRecord run)) {
                runs.add(run.id().value());
            } else if (change instanceof RecordChange.RunCarried(var run, var carry)) {
                runs.add(run.value());
            } else if (change instanceof RecordChange.Scripted(var run, var entry)) {
                runs.add(run.value());
            }
        }
        return new Decision(events, runs);
    }

    /** Whether the log has it behind so many events. */
    boolean isIn(List<UserEvent> log, int behind) {
        if (behind + events.size() > log.size()) {
            return false;
        }
        for (int i = 0; i < events.size(); i++) {
            if (!log.get(behind + i).json().equals(events.get(i).json)) {
                return false;
            }
        }
        return true;
    }

    @Override
    public boolean equals(Object other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(this);
    }
}
