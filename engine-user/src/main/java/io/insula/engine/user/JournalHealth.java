package io.insula.engine.user;

/** Whether the journal can be written. */
sealed interface JournalHealth {
    /** It can be written. */
    record Writable() implements JournalHealth {}

    /** It cannot be written for now; it is tried again and again. */
    record Down(JournalTrouble trouble) implements JournalHealth {}
}
