package io.insula.engine.user;

import io.insula.engine.api.ErrorCode;
import io.insula.engine.api.RefusedException;
import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Collectors;

/** The words of refusals that more than one place gives. */
final class Refusals {
    private static final int NAMES_SHOWN = 20;

    private Refusals() {}

    static RefusedException of(ErrorCode code, String message) {
        return new RefusedException(code, message);
    }

    static RefusedException journalUnavailable() {
        return new RefusedException(
                ErrorCode.JOURNAL_UNAVAILABLE, "The journal cannot be written at the moment. Try again.");
    }

    static RefusedException threadsFull() {
        return new RefusedException(ErrorCode.RECORDS_FULL, "You have too many threads. Delete some.");
    }

    /** The refusal for an append that was not written. */
    static RefusedException unwritten(Throwable failure) {
        return switch (RunAppends.cause(failure)) {
            case EventJournal.ThreadsFullException full -> threadsFull();
            case EventJournal.NoLogException erased -> RoomErasure.refusal();
            case null, default -> journalUnavailable();
        };
    }

    static String unknownAgent(String name, Collection<String> loaded) {
        StringBuilder message = new StringBuilder("No agent \"" + WellFormed.cut(name, 64) + "\" is loaded.");
        nearest(name, loaded).ifPresent(near -> message.append(" Did you mean \"").append(near).append("\"?"));
        if (loaded.isEmpty()) {
            return message.append(" No agents are loaded: drop a plugin into plugins/.").toString();
        }
        return message.append(" Loaded: ")
                .append(loaded.stream().limit(NAMES_SHOWN).collect(Collectors.joining(", ")))
                .append(loaded.size() > NAMES_SHOWN ? ", and " + (loaded.size() - NAMES_SHOWN) + " more." : ".")
                .toString();
    }

    private static Optional<String> nearest(String name, Collection<String> candidates) {
        if (name.length() > 64) {
            return Optional.empty();
        }
        return candidates.stream()
                .min(Comparator.comparingInt(candidate -> distance(name, candidate)))
                .filter(candidate -> distance(name, candidate) <= 1 + candidate.length() / 4);
    }

    /** How many letters must be added, taken away or changed. */
    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int change = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(change, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[b.length()];
    }
}
