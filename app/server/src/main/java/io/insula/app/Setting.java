package io.insula.app;

import java.util.Locale;

/**
 * One thing that can be configured.
 *
 * @param key its name in the file and on the command line, such as {@code http.port}
 * @param kind how its text is read
 * @param defaultText what holds when nobody says otherwise; empty if that depends on the machine, and then {@code
 *     meaning} says what it is
 * @param meaning what it does, and what happens at the edge
 */
record Setting(String key, Kind kind, String defaultText, String meaning) {
    /** How a value is written. */
    enum Kind {
        COUNT("number"), SIZE("size"), TIME("time"), PORT("port"), TEXT("text"), FOLDER("folder"), FILE("file"), LIST(
                "list");

        private final String word;

        Kind(String word) {
            this.word = word;
        }

        String word() {
            return word;
        }
    }

    static final String ENVIRONMENT_PREFIX = "INSULA_";

    /** Its name in the environment, such as {@code INSULA_HTTP_PORT}. */
    String environmentName() {
        return ENVIRONMENT_PREFIX + key.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
    }
}
