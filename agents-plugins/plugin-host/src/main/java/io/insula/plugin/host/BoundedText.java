package io.insula.plugin.host;

import java.io.Writer;

/** Collects text up to a limit. Used by one thread. */
final class BoundedText extends Writer {
    /** More text was written than allowed. */
    static final class TooLong extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private TooLong() {
            super("more text than allowed", null, false, false);
        }
    }

    private final StringBuilder text = new StringBuilder();
    private final int maxCharacters;

    BoundedText(int maxCharacters) {
        this.maxCharacters = maxCharacters;
    }

    @Override
    public void write(char[] characters, int offset, int length) {
        if (length > maxCharacters - text.length()) {
            throw new TooLong();
        }
        text.append(characters, offset, length);
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}

    @Override
    public String toString() {
        return text.toString();
    }
}
