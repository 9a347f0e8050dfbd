package io.insula.agent;

/** What a tool does to the world, from which the platform decides whether it may be called again. */
public enum Effect {
    /** Changes nothing; may be repeated at will. */
    READS,
    /** Changes something in a way that a second call does not change again. */
    WRITES,
    /** Changes something that a second call would change once more, such as a payment or a message. */
    IRREVERSIBLE
}
