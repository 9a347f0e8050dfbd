package io.insula.transport.websocket;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The members of a token's header or body that can matter here.
 *
 * @param members by name; strings as {@link String}, whole numbers as {@link Long}, arrays of strings as {@link List},
 *     everything else as {@link Other}
 */
record Claims(Map<String, Object> members) {
    /** A value of a kind that no claim we read may have. */
    enum Other {
        /** The only one. */
        VALUE
    }

    Claims {
        members = Map.copyOf(members);
    }

    boolean has(String name) {
        return members.containsKey(name);
    }

    Optional<String> text(String name) {
        return members.get(name) instanceof String text ? Optional.of(text) : Optional.empty();
    }

    /** A string, or an array of strings; empty if it is neither. */
    List<String> texts(String name) {
        Object value = members.get(name);
        if (value instanceof String text) {
            return List.of(text);
        }
        return value instanceof List<?> texts ? texts.stream().map(String.class::cast).toList() : List.of();
    }

    Optional<Instant> instant(String name) {
        return members.get(name) instanceof Long second && TokenVerifier.isInRange(second)
                ? Optional.of(Instant.ofEpochSecond(second))
                : Optional.empty();
    }
}
