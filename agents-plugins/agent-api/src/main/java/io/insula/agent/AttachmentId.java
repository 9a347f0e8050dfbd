package io.insula.agent;

/**
 * An uploaded file of a user; it means something only within that user.
 *
 * @param value 1 to {@value #MAX_LENGTH} letters, digits and {@code . _ ~ : -}; never {@code null}
 */
public record AttachmentId(String value) {
    /** The most characters that the value may have. */
    public static final int MAX_LENGTH = 128;

    /**
     * Checks the value.
     *
     * @throws IllegalArgumentException if the value is empty, too long or holds another character
     */
    public AttachmentId {
        Identifiers.checkToken(value, "attachment id", MAX_LENGTH);
    }

    @Override
    public String toString() {
        return value;
    }
}
