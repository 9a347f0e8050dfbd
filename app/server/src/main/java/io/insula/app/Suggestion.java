package io.insula.app;

import java.util.Collection;
import java.util.Optional;

/** Finds what somebody probably meant. */
final class Suggestion {
    private Suggestion() {}

    /** The known word that is nearest to {@code word}, if it is near enough to be worth a question. */
    static Optional<String> nearest(String word, Collection<String> known) {
        var best = Optional.<String>empty();
        var bestDistance = Math.max(2, word.length() / 3) + 1;
        for (var candidate : known) {
            var distance = distance(word, candidate);
            if (distance < bestDistance) {
                bestDistance = distance;
                best = Optional.of(candidate);
            }
        }
        return best;
    }

    /** Gives {@code " Did you mean \"X\"?"}, or nothing. */
    static String sentence(String word, Collection<String> known) {
        return nearest(word, known).map(found -> " Did you mean \"" + found + "\"?").orElse("");
    }

    /** How many letters must be put in, left out or changed to make one of the other. */
    private static int distance(String one, String other) {
        var previous = new int[other.length() + 1];
        for (int j = 0; j <= other.length(); j++) {
            previous[j] = j;
        }
        for (int i = 1; i <= one.length(); i++) {
            var current = new int[other.length() + 1];
            current[0] = i;
            for (int j = 1; j <= other.length(); j++) {
                var changed = previous[j - 1] + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
                current[j] = Math.min(changed, Math.min(previous[j], current[j - 1]) + 1);
            }
            previous = current;
        }
        return previous[other.length()];
    }
}
