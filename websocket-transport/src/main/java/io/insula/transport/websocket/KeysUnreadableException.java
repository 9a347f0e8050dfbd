package io.insula.transport.websocket;

/** Keys could not be read. Says nothing of what was read in their place. */
final class KeysUnreadableException extends Exception {
    private static final long serialVersionUID = 1L;

    private final KeyTrouble why;

    KeysUnreadableException(KeyTrouble why) {
        super(why.sentence(), null, false, false);
        this.why = why;
    }

    KeyTrouble why() {
        return why;
    }
}
