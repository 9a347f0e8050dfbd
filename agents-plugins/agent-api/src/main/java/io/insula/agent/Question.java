package io.insula.agent;

import java.util.List;

/**
 * Something that only the user can decide. The run waits, its deadline stands still, and the answer comes once.
 *
 * @param <A> the type of the answer
 */
public sealed interface Question<A> {
    /** The most characters of a question's text. */
    int MAX_TEXT_LENGTH = 8_000;

    /** What the user reads. */
    String text();

    /** Asks for permission; the answer is whether it was given. */
    record Approval(String text) implements Question<Boolean> {
        /** Checks the text. */
        public Approval {
            checkText(text);
        }
    }

    /** Asks for one of the options; the answer is the option. */
    record Choice(String text, List<String> options) implements Question<String> {
        /** The most options of a choice. */
        public static final int MAX_OPTIONS = 50;

        /** Checks text and options: 2 to {@value #MAX_OPTIONS}, all different. */
        public Choice {
            checkText(text);
            options = List.copyOf(options);
            if (options.size() < 2 || options.size() > MAX_OPTIONS
                    || options.stream().distinct().count() != options.size()) {
                throw new IllegalArgumentException("a choice has 2 to " + MAX_OPTIONS + " different options");
            }
        }
    }

    /** Asks for words; the answer is at most 64 KiB. */
    record Text(String text) implements Question<String> {
        /** Checks the text. */
        public Text {
            checkText(text);
        }
    }

    /** Asks for files; the answer has at least one. */
    record Files(String text) implements Question<List<Attachment>> {
        /** Checks the text. */
        public Files {
            checkText(text);
        }
    }

    private static void checkText(String text) {
        if (text.isBlank() || text.length() > MAX_TEXT_LENGTH) {
            throw new IllegalArgumentException("a question has 1 to " + MAX_TEXT_LENGTH + " characters");
        }
    }
}
