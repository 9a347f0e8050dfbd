package io.insula.transport.websocket;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.eclipse.jetty.http.HttpMethod;

/**
 * One thing that can be asked for over HTTP.
 *
 * @param method how it is asked for
 * @param parts the address between its slashes, where <code>{name}</code> stands for any part that is not empty
 * @param query what the query may name; whatever else it names is refused
 * @param answer who answers
 */
record Route(HttpMethod method, List<String> parts, Set<String> query, Answer answer) {
    private static final String SLASH = "/";

    /** Answers a call, now or later; until it returns, it may block. */
    @FunctionalInterface
    interface Answer {
        void answer(Call call) throws Exception;
    }

    Route {
        parts = List.copyOf(parts);
        query = Set.copyOf(query);
    }

    /** One that takes no query. */
    static Route of(HttpMethod method, String path, Answer answer) {
        return new Route(method, parts(path), Set.of(), answer);
    }

    /** One that shows a part of a list, of which the query says which. */
    static Route paged(String path, Answer answer) {
        return new Route(HttpMethod.GET, parts(path), Call.PAGE, answer);
    }

    static List<String> parts(String path) {
        return List.of(path.substring(1).split(SLASH, -1));
    }

    /** The address as it was written. */
    String path() {
        return SLASH + String.join(SLASH, parts);
    }

    /** What an address names, if it is one of this route. */
    Optional<Map<String, String>> match(List<String> given) {
        if (given.size() != parts.size()) {
            return Optional.empty();
        }
        Map<String, String> names = new HashMap<>();
        for (int i = 0; i < parts.size(); i++) {
            String part = parts.get(i);
            String value = given.get(i);
            if (part.startsWith("{") && !value.isEmpty()) {
                names.put(part.substring(1, part.length() - 1), value);
            } else if (!part.equals(value)) {
                return Optional.empty();
            }
        }
        return Optional.of(names);
    }
}
