package io.insula.transport.websocket;

import io.insula.agent.UserId;
import io.insula.engine.api.ErrorCode;
import io.insula.engine.api.RefusedException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * The tokens that are not accepted although they have not expired. They are kept in a file, which one process at a time
 * may hold, and are forgotten when the tokens would have expired.
 *
 * <p>Safe for any number of threads. What revokes blocks until it is on the disk; asking never blocks.
 */
public final class TokenRevocations implements AutoCloseable {
    private final TokenLimits limits;
    private final InstantSource clock;
    private final ConcurrentMap<String, Revocation> byMark = new ConcurrentHashMap<>();
    /** Held while something is written. */
    private final Object lock = new Object();
    /** Guarded by lock. */
    private final RevocationFile file;

    private TokenRevocations(RevocationFile file, TokenLimits limits, InstantSource clock) {
        this.file = file;
        this.limits = limits;
        this.clock = clock;
    }

    /**
     * Reads what was revoked before; none if there is no such file.
     *
     * @param path of the file, in a folder that this process holds
     * @throws IOException if it cannot be read, or something else stands in it. Tokens that were revoked would
     *     be accepted again: nobody should be served then
     */
    public static TokenRevocations open(Path path, TokenLimits limits, InstantSource clock) throws IOException {
        var revocations = new TokenRevocations(new RevocationFile(path), limits, clock);
        for (Revocation revocation : revocations.file.read()) {
            revocations.byMark.merge(revocation.mark(), revocation, TokenRevocations::later);
        }
        revocations.forgetExpired();
        return revocations;
    }

    /**
     * Revokes one token.
     *
     * @param token the token itself; whether it is good does not matter
     * @throws RefusedException if it is no token, or as many are revoked as may be
     * @throws IOException if it cannot be written; then it is not revoked
     */
    public void revokeToken(String token) throws RefusedException, IOException {
        Claims claims = TokenParts.of(token).map(TokenParts::claims).orElseThrow(
                () -> new RefusedException(ErrorCode.FIELD_INVALID, "What was given is no token."));
        Instant ends = claims.instant("exp").orElse(lastEnd()).plus(limits.clockSkew());
        add(List.of(new Revocation(TokenMarks.ofSigned(token), Instant.MAX, earlier(ends, lastEnd()))));
    }

    /**
     * Revokes the tokens with this id.
     *
     * @param issuer who issued them
     * @param id their {@code jti}
     * @throws RefusedException if as many are revoked as may be
     * @throws IOException if it cannot be written; then they are not revoked
     */
    public void revokeId(String issuer, String id) throws RefusedException, IOException {
        add(List.of(new Revocation(TokenMarks.ofId(issuer, id), Instant.MAX, lastEnd())));
    }

    /**
     * Revokes all tokens of a user that were issued until now. Those that do not say when they were issued are never
     * accepted again.
     *
     * @throws RefusedException if as many are revoked as may be
     * @throws IOException if it cannot be written; then they are not revoked
     */
    public void revokeUser(UserId user) throws RefusedException, IOException {
        add(List.of(ofUser(TokenMarks.ofUser(user))));
    }

    /** Revokes a token that was checked, and all of its user that were issued until now. */
    void revokeAllOf(TokenCheck.Accepted token) throws RefusedException, IOException {
        // The token itself too: its issuer's clock may be ahead of ours.
        add(List.of(
                ofUser(token.marks().user()),
                new Revocation(token.marks().token().getFirst(), Instant.MAX, wholeSecondAfter(token.until()))));
    }

    boolean isRevoked(TokenMarks marks) {
        Revocation ofUser = byMark.get(marks.user());
        if (ofUser != null && ofUser.isMeant(marks.issuedAt())) {
            return true;
        }
        for (String mark : marks.token()) {
            if (byMark.containsKey(mark)) {
                return true;
            }
        }
        return false;
    }

    /** Marks that are kept. */
    int size() {
        return byMark.size();
    }

    private Revocation ofUser(String mark) {
        return new Revocation(mark, clock.instant().truncatedTo(ChronoUnit.SECONDS), lastEnd());
    }

    private void add(List<Revocation> added) throws RefusedException, IOException {
        synchronized (lock) {
            long more = added.stream().filter(revocation -> !byMark.containsKey(revocation.mark())).count();
            if (byMark.size() + more > limits.mostRevocations()) {
                forgetExpired();
            }
            if (byMark.size() + more > limits.mostRevocations()) {
                throw new RefusedException(
                        ErrorCode.REVOCATIONS_FULL,
                        "As many tokens are revoked as can be kept. The operator can raise the limit.");
            }
            file.append(added, byMark.values());
            for (Revocation revocation : added) {
                byMark.merge(revocation.mark(), revocation, TokenRevocations::later);
            }
        }
    }

    private void forgetExpired() {
        Instant now = clock.instant();
        byMark.values().removeIf(revocation -> !revocation.until().isAfter(now));
    }

    /** When the last token ends that could be accepted now. */
    private Instant lastEnd() {
        Duration longest = limits.longestLife().plus(limits.clockSkew());
        return wholeSecondAfter(clock.instant().plus(longest));
    }

    private static Instant wholeSecondAfter(Instant time) {
        return time.truncatedTo(ChronoUnit.SECONDS).plusSeconds(1);
    }

    private static Instant earlier(Instant one, Instant other) {
        return one.isBefore(other) ? one : other;
    }

    /** A clock that was put back must not bring tokens back. */
    private static Revocation later(Revocation one, Revocation other) {
        return new Revocation(
                one.mark(),
                one.issuedUntil().isAfter(other.issuedUntil()) ? one.issuedUntil() : other.issuedUntil(),
                one.until().isAfter(other.until()) ? one.until() : other.until());
    }

    /** Writes no more. */
    @Override
    public void close() throws IOException {
        synchronized (lock) {
            file.close();
        }
    }
}
