package io.insula.transport.websocket;

import java.util.Locale;

/** Why keys cannot be used. */
enum KeyTrouble {
    NOT_READ_YET("the keys have not been read yet"), NO_FILE("the file of keys is not there or cannot be read"), NO_ANSWER(
            "the address of the keys does not answer"), TOO_SLOW(
                    "the address of the keys does not answer in time"), STATUS_NOT_200(
                            "the address of the keys does not answer with status 200"), BROKEN_OR_TOO_LARGE(
                                    "the answer with the keys broke off or is too large"), TOO_LARGE(
                                            "the file of keys is too large"), NOT_A_KEY_SET(
                                                    "there is no JWK set"), TOO_MANY_KEYS(
                                                            "there are too many keys"), NO_KEY(
                                                                    "there is no key to check tokens with"), SHARED_SECRET(
                                                                            "a key is a shared secret, with which everybody who checks tokens could make them; use EC or RSA"), WEAK_KEY(
                                                                                    "an RSA key is shorter than 2048 bits");

    private final String sentence;

    KeyTrouble(String sentence) {
        this.sentence = sentence;
    }

    /** For a machine, such as {@code no-answer}. */
    String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** For a person; not a whole sentence. */
    String sentence() {
        return sentence;
    }
}
