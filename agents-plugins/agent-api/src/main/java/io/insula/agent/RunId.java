package io.insula.agent;

/**
 * One input given to one agent in one thread; it means something only within its user.
 *
 * @param value 1 to {@value #MAX_LENGTH} letters, digits and {@code . _ ~ : -}; never {@code null}
 */
public record RunId(String value) {
    /** The most characters that the value may have. */
    public static final int MAX_LENGTH = 128;

    /**
     * Checks the value.
     *
     * @throws IllegalArgumentException if the value is empty, too long or holds another character
     */
    public RunId {
        Identifiers.checkToken(value, "run id", MAX_LENGTH);
    }

    @Override
    public String toString() {
        return value;
    }
}
