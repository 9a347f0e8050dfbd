package io.insula.engine.user;

import io.insula.engine.api.UserEvent;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * What is appended at once.
 *
 * @param runs those that it says something about, or what came before it in its chain
 * @param request the request that it accepts
 */
record Decision(List<DecidedEvent> events, Set<String> runs, Optional<UUID> request) {
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
        return new Decision(events, runs, request(append));
    }

    /** The request that an append accepts. */
    static Optional<UUID> request(JournalAppend append) {
        return append.changes().stream()
                .filter(RecordChange.RequestAccepted.class::isInstance)
                .map(accepted -> ((RecordChange.RequestAccepted) accepted).id())
                .findFirst();
    }

    /** Accepts what had been accepted before, which the journal must not take. */
    static Decision again(UUID request) {
        return new Decision(List.of(), Set.of(), Optional.of(request));
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
