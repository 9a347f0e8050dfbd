package io.insula.engine.api;

import java.util.Optional;

/**
 * Which part of a list is wanted.
 *
 * @param after {@link Page#next} of the page before; empty for the first
 * @param size at most this many items, 1 to {@value #MAX_SIZE}
 */
public record PageRequest(Optional<String> after, int size) {
    /** The most items of a page. */
    public static final int MAX_SIZE = 200;

    /** The items of a page when nothing is said. */
    public static final int DEFAULT_SIZE = 50;

    /**
     * Checks the size.
     *
     * @throws IllegalArgumentException if it is out of range
     */
    public PageRequest {
        if (size < 1 || size > MAX_SIZE) {
            throw new IllegalArgumentException("page size is " + size + ", must be 1 to " + MAX_SIZE);
        }
    }

    /** The first page, of the default size. */
    public static PageRequest first() {
        return new PageRequest(Optional.empty(), DEFAULT_SIZE);
    }
}
