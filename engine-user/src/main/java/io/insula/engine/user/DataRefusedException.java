package io.insula.engine.user;

/**
 * The engine cannot work with what is in the data folder. What it says is for the operator.
 */
public final class DataRefusedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String words;

    DataRefusedException(String words, Throwable cause) {
        super(words, cause);
        this.words = words;
    }

    /** What is wrong with which file, and what to do. */
    public String words() {
        return words;
    }
}
