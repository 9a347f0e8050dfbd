package io.insula.cost.advisor;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Recognises what a column means by its name, whatever its case and punctuation. */
final class FieldNames {
    private static final int LONGEST_NAME = 100;

    private final Map<String, Match> matches = new HashMap<>();

    /**
     * A recognised name.
     *
     * @param field what it means
     * @param rank how telling the name is, 0 the most; of two columns with one meaning the more telling is used
     */
    record Match(Field field, int rank) {}

    FieldNames() {
        for (Field field : Field.values()) {
            int rank = 0;
            for (String name : field.names()) {
                matches.putIfAbsent(name, new Match(field, rank++));
            }
        }
    }

    /** What the column means; a path such as {@code usage.prompt_tokens} counts whole, then by its last part. */
    Optional<Match> match(String name) {
        if (name.length() > LONGEST_NAME) {
            return Optional.empty();
        }
        Optional<Match> whole = Optional.ofNullable(matches.get(plain(name)));
        if (whole.isPresent() || name.indexOf('.') < 0) {
            return whole;
        }
        return Optional.ofNullable(matches.get(plain(name.substring(name.lastIndexOf('.') + 1))));
    }

    private static String plain(String name) {
        var letters = new StringBuilder(name.length());
        for (int i = 0; i < name.length(); i++) {
            char character = name.charAt(i);
            if (character >= 'A' && character <= 'Z') {
                letters.append((char) (character + ('a' - 'A')));
            } else if ((character >= 'a' && character <= 'z') || (character >= '0' && character <= '9')) {
                letters.append(character);
            }
        }
        return letters.toString();
    }
}
