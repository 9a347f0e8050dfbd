package io.insula.transport.websocket;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.AsymmetricJWK;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import java.time.Duration;
import java.util.Set;

/**
 * Which tokens are accepted.
 *
 * @param issuer what {@code iss} must be
 * @param audience what {@code aud} must be or hold
 * @param algorithms names of the algorithms that may sign, such as {@code ES256}; only with public keys
 * @param keys the keys that may sign; private parts are dropped
 * @param clockSkew how far clocks may differ, at most ten minutes
 */
public record TokenRules(
        String issuer, String audience, Set<String> algorithms, JWKSet keys, Duration clockSkew) {
    /** The algorithms that are accepted when nothing else is said. */
    public static final Set<String> DEFAULT_ALGORITHMS = Set.of("ES256");

    /** How far clocks may differ when nothing else is said. */
    public static final Duration DEFAULT_CLOCK_SKEW = Duration.ofSeconds(30);

    private static final Duration LONGEST_CLOCK_SKEW = Duration.ofMinutes(10);
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
     * @throws IllegalArgumentException if issuer, audience, algorithms or keys are empty, an algorithm is unknown or
     *     works with a shared secret, or a key is not a public one
     */
    public TokenRules {
        if (issuer.isBlank() || audience.isBlank()) {
            throw new IllegalArgumentException("issuer and audience of tokens must be given");
        }
        algorithms = Set.copyOf(algorithms);
        if (algorithms.isEmpty() || !KNOWN_ALGORITHMS.containsAll(algorithms)) {
            throw new IllegalArgumentException(
                    "algorithms of tokens are " + algorithms + ", must be some of " + KNOWN_ALGORITHMS);
        }
        if (keys.isEmpty()) {
            throw new IllegalArgumentException("there is no key to check tokens with");
        }
        for (JWK key : keys.getKeys()) {
            if (!(key instanceof AsymmetricJWK)) {
                throw new IllegalArgumentException("a key of type " + key.getKeyType()
                        + " is a shared secret, with which everybody who checks tokens could make them; use EC or RSA");
            }
        }
        keys = keys.toPublicJWKSet();
        if (clockSkew.isNegative() || clockSkew.compareTo(LONGEST_CLOCK_SKEW) > 0) {
            throw new IllegalArgumentException(
                    "clock skew is " + clockSkew + ", must be between nothing and " + LONGEST_CLOCK_SKEW);
        }
    }
}
