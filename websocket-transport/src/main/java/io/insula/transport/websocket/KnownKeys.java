package io.insula.transport.websocket;

import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKMatcher;
import com.nimbusds.jose.jwk.JWKSet;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The keys as they were read last, and those that were there before.
 *
 * @param present the public keys, in the order in which they stand
 * @param gone keys that are no longer there, each with when that was seen, by a clock that never jumps
 */
record KnownKeys(List<JWK> present, Map<JWK, Long> gone) {
    /** No keys. */
    static KnownKeys none() {
        return new KnownKeys(List.of(), Map.of());
    }

    KnownKeys {
        present = List.copyOf(present);
        gone = Map.copyOf(gone);
    }

    /** What is known when these have been read: of the keys that are gone, the latest ones within their grace. */
    KnownKeys read(JWKSet keys, long nowNanos, Duration grace, int mostGone) {
        Map<JWK, Long> left = new HashMap<>(gone);
        left.values().removeIf(since -> nowNanos - since >= grace.toNanos());
        for (JWK key : present) {
            left.put(key, nowNanos);
        }
        for (JWK key : keys.getKeys()) {
            left.remove(key);
        }
        List<JWK> oldestFirst = new ArrayList<>(left.keySet());
        oldestFirst.sort(Comparator.comparingLong(key -> left.getOrDefault(key, nowNanos) - nowNanos));
        for (JWK key : oldestFirst.subList(0, Math.max(0, left.size() - mostGone))) {
            left.remove(key);
        }
        return new KnownKeys(keys.getKeys(), left);
    }

    /** The keys that may have signed a token with such a header. */
    List<JWK> matching(JWKMatcher matcher, long nowNanos, Duration grace) {
        List<JWK> matching = new ArrayList<>();
        for (JWK key : present) {
            if (matcher.matches(key)) {
                matching.add(key);
            }
        }
        gone.forEach((key, since) -> {
            if (nowNanos - since < grace.toNanos() && matcher.matches(key)) {
                matching.add(key);
            }
        });
        return matching;
    }
}
