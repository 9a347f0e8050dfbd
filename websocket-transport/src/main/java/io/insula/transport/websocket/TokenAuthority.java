package io.insula.transport.websocket;

import java.io.IOException;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.ThreadFactory;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides for all ports whose a token is: by the rules, the keys, and what was revoked.
 *
 * <p>Started once and closed once. Safe for any number of threads.
 */
public final class TokenAuthority implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TokenAuthority.class);

    private final TokenKeys keys;
    private final TokenKeys operatorKeys;
    private final TokenRevocations revocations;
    private final String issuer;
    private final Authentication users;
    private final Authentication operators;

    /**
     * Prepares it; keys that come from elsewhere are read from {@link #start} on.
     *
     * @param rules which tokens are accepted
     * @param operators which ones are accepted beside them on the port for operators
     * @param limits what is bounded
     * @param revocations what was revoked; closed with this
     * @param clock tells when tokens end
     * @param nanoTime a clock that never jumps, in nanoseconds, for the age of keys
     * @param threads makes platform threads
     */
    public TokenAuthority(
            TokenRules rules,
            TokenRules operators,
            TokenLimits limits,
            TokenRevocations revocations,
            InstantSource clock,
            LongSupplier nanoTime,
            ThreadFactory threads) {
        this.revocations = revocations;
        issuer = rules.issuer();
        keys = new TokenKeys(rules.keys(), limits.keys(), nanoTime, threads);
        operatorKeys = new TokenKeys(operators.keys(), limits.keys(), nanoTime, threads);
        var ofUsers = new TokenVerifier(rules, limits, keys, revocations, clock);
        var ofOperators = new TokenVerifier(operators, limits, operatorKeys, revocations, clock);
        users = new Authentication(ofUsers);
        this.operators = new Authentication(ofOperators, ofUsers);
    }

    /**
     * Begins to read the keys. Does not wait for those of an address: until they are there, everybody is refused with
     * {@code keys-unavailable}.
     *
     * @throws IOException if keys come from a file, and it cannot be used; says why
     */
    public void start() throws IOException {
        keys.start();
        operatorKeys.start();
    }

    /** Finds out who sends requests to the users' port. */
    Authentication users() {
        return users;
    }

    /** Finds out who sends requests to the port for operators. */
    Authentication operators() {
        return operators;
    }

    TokenRevocations revocations() {
        return revocations;
    }

    /** Who vouches for users. */
    String issuer() {
        return issuer;
    }

    /** Why no user's token can be checked now, as a word, if that is so. */
    Optional<String> trouble() {
        return keys.trouble().map(KeyTrouble::word);
    }

    /** Reads no more keys, and revokes no more. */
    @Override
    public void close() {
        keys.close();
        operatorKeys.close();
        try {
            revocations.close();
        } catch (IOException e) {
            LOG.warn("revocations_close_failed failure={}", FailureTrace.of(e));
        }
    }
}
