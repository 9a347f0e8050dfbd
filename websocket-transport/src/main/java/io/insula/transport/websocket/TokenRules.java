package io.insula.transport.websocket;

import com.nimbusds.jose.JWSAlgorithm;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which tokens are accepted.
 *
 * @param issuer what {@code iss} must be
 * @param audience what {@code aud} must be or hold
 * @param algorithms names of the algorithms that may sign, such as {@code ES256}; only with public keys
 * @param keys where the keys come from that may sign
 */
public record TokenRules(String issuer, String audience, Set<String> algorithms, KeyPlace keys) {
    /** The algorithms that are accepted when nothing else is said. */
    public static final Set<String> DEFAULT_ALGORITHMS = Set.of("ES256");

    private static final Set<String> KNOWN_ALGORITHMS = Set.of(
            JWSAlgorithm.ES256.getName(),
            JWSAlgorithm.ES384.getName(),
            JWSAlgorithm.ES512.getName(),
            JWSAlgorithm.PS256.getName(),
            JWSAlgorithm.PS384.getName(),
            JWSAlgorithm.PS512.getName(),
            JWSAlgorithm.RS256.getName(),
            JWSAlgorithm.RS384.getName(),
            JWSAlgorithm.RS512.getName());

    /**
     * Checks that the rules can be kept.
     *
     * @throws IllegalArgumentException if issuer, audience or algorithms are empty, or an algorithm is unknown or works
     *     with a shared secret
     */
    public TokenRules {
        if (issuer.isBlank() || audience.isBlank()) {
            throw new IllegalArgumentException("issuer and audience of tokens must be given");
        }
        algorithms = checkedAlgorithms(algorithms);
    }

    /**
     * The algorithms, if tokens can be accepted by them.
     *
     * @throws IllegalArgumentException if there is none, or one is unknown or works with a shared secret
     */
    public static Set<String> checkedAlgorithms(Set<String> algorithms) {
        if (algorithms.isEmpty() || !KNOWN_ALGORITHMS.containsAll(algorithms)) {
            throw new IllegalArgumentException("must be some of " + String.join(", ", new TreeSet<>(KNOWN_ALGORITHMS)));
        }
        return Set.copyOf(algorithms);
    }
}
