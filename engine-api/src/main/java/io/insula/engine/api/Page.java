package io.insula.engine.api;

import java.util.List;
import java.util.Optional;

/**
 * A part of a longer list.
 *
 * @param items in order; unmodifiable
 * @param next what to ask for the following page; empty after the last
 * @param <T> the type of an item
 */
public record Page<T>(List<T> items, Optional<String> next) {
    /** Copies the list. */
    public Page {
        items = List.copyOf(items);
    }
}
