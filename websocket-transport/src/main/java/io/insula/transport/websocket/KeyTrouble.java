package io.insula.transport.websocket;

import java.util.Locale;

/** Why keys cannot be used. */
enum KeyTrouble {
    NOT_READ_YET, NO_FILE, TOO_LARGE, NO_ANSWER, TOO_SLOW, STATUS_NOT_200, BROKEN_OR_TOO_LARGE, NOT_A_KEY_SET, TOO_MANY_KEYS, NO_KEY, SHARED_SECRET, WEAK_KEY;

    /** For a machine, such as {@code no-answer}. */
    String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** For a person; not a whole sentence. */
    String sentence() {
        return switch (this) {
            case NOT_READ_YET -> "the keys have not been read yet";
            case NO_FILE -> "the file of keys is not there or cannot be read";
            case TOO_LARGE -> "the file of keys is too large";
            case NO_ANSWER -> "the address of the keys does not answer";
            case TOO_SLOW -> "the address of the keys does not answer in time";
            case STATUS_NOT_200 -> "the address of the keys does not answer with status 200";
            case BROKEN_OR_TOO_LARGE -> "the answer with the keys broke off or is too large";
            case NOT_A_KEY_SET -> "there is no JWK set";
            case TOO_MANY_KEYS -> "there are too many keys";
            case NO_KEY -> "there is no key to check tokens with";
            case SHARED_SECRET -> "a key is a shared secret, with which everybody who checks tokens could make them; use EC or RSA";
            case WEAK_KEY -> "an RSA key is shorter than 2048 bits";
        };
    }
}
