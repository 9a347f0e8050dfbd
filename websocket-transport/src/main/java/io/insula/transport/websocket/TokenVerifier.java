package io.insula.transport.websocket;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.factories.DefaultJWSVerifierFactory;
import com.nimbusds.jose.jwk.AsymmetricJWK;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKMatcher;
import io.insula.agent.UserId;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Tells whose a token is. A token that is unusual in any way is refused: the keys are only those of the one place they
 * come from, the algorithm only an allowed one, and each part is read once, strictly, before its signature is checked.
 *
 * <p>Safe for any number of threads; blocks for nothing but the computation.
 */
final class TokenVerifier {
    /** The longest token that is looked at. */
    static final int MAX_TOKEN_BYTES = 8 << 10;

    private static final String OPERATOR = "operator";
    private static final Set<String> TYPES = Set.of("jwt", "at+jwt", "application/at+jwt");
    /** What a header may not have: keys of its own, demands that are not known, and content that is not what it seems. */
    private static final Set<String> REFUSED_HEADERS = Set.of("jku", "jwk", "x5u", "x5c", "crit", "b64", "zip", "enc");
    /** What stands only in tokens that tell who somebody is, or what became of a login. */
    private static final Set<String> REFUSED_CLAIMS = Set.of("at_hash", "c_hash", "events");
    private static final Instant LAST_INSTANT = Instant.parse("9999-12-31T00:00:00Z");

    private static final TokenCheck.Rejected NOT_A_TOKEN = new TokenCheck.Rejected("The token is not a signed JWT.");
    private static final TokenCheck.Rejected BAD_HEADER =
            new TokenCheck.Rejected("The token is of another kind, or its header asks for what is not done here.");
    private static final TokenCheck.Rejected BAD_SIGNATURE =
            new TokenCheck.Rejected("The token is not signed with a key and algorithm that are accepted here.");
    private static final TokenCheck.Rejected BAD_CLAIMS =
            new TokenCheck.Rejected("A claim of the token is missing or has a wrong form.");
    private static final TokenCheck.Rejected OTHER_ISSUER =
            new TokenCheck.Rejected("The token is from another issuer or for another audience.");
    private static final TokenCheck.Rejected EXPIRED = new TokenCheck.Rejected("The token has expired; get a new one.");
    private static final TokenCheck.Rejected TOO_EARLY = new TokenCheck.Rejected("The token is not valid yet.");
    private static final TokenCheck.Rejected TOO_LONG_LIVED =
            new TokenCheck.Rejected("The token is valid for too long.");
    private static final TokenCheck.Rejected REVOKED = new TokenCheck.Rejected("The token was revoked; get a new one.");
    private static final TokenCheck.Rejected BAD_SUBJECT =
            new TokenCheck.Rejected("The token's subject cannot be the name of a user.");

    private final TokenRules rules;
    private final TokenLimits limits;
    private final TokenKeys keys;
    private final TokenRevocations revocations;
    private final InstantSource clock;
    private final KnownSignatures known = new KnownSignatures();

    TokenVerifier(
            TokenRules rules,
            TokenLimits limits,
            TokenKeys keys,
            TokenRevocations revocations,
            InstantSource clock) {
        this.rules = rules;
        this.limits = limits;
        this.keys = keys;
        this.revocations = revocations;
        this.clock = clock;
    }

    TokenCheck check(String token) {
        if (token.length() > MAX_TOKEN_BYTES) {
            return new TokenCheck.Rejected("The token is longer than " + MAX_TOKEN_BYTES + " bytes.");
        }
        Optional<TokenParts> parts = TokenParts.of(token);
        if (parts.isEmpty()) {
            return NOT_A_TOKEN;
        }
        Claims header = parts.get().header();
        if (!rules.algorithms().contains(header.text("alg").orElse(""))) {
            return BAD_SIGNATURE;
        }
        if (isUnusual(header)) {
            return BAD_HEADER;
        }
        Optional<JWSObject> jws = parse(token);
        if (jws.isEmpty()) {
            return BAD_SIGNATURE;
        }
        return switch (keysFor(jws.get())) {
            case TokenKeys.Finding.Unavailable(Duration retryAfter) -> new TokenCheck.Undecided(retryAfter);
            case TokenKeys.Finding.Found(List<JWK> candidates) -> isSignedWithOneOf(candidates, jws.get(), token)
                    ? checkClaims(token, parts.get().claims())
                    : BAD_SIGNATURE;
        };
    }

    private static boolean isUnusual(Claims header) {
        for (String name : REFUSED_HEADERS) {
            if (header.has(name)) {
                return true;
            }
        }
        return header.has("typ")
                && header.text("typ").filter(type -> TYPES.contains(type.toLowerCase(Locale.ROOT))).isEmpty();
    }

    private TokenKeys.Finding keysFor(JWSObject jws) {
        JWKMatcher matcher = JWKMatcher.forJWSHeader(jws.getHeader());
        return matcher == null ? new TokenKeys.Finding.Found(List.of()) : keys.find(matcher);
    }

    private boolean isSignedWithOneOf(List<JWK> candidates, JWSObject jws, String token) {
        for (JWK key : candidates) {
            if (key instanceof AsymmetricJWK asymmetric
                    && known.isGood(key, token, () -> isSignedWith(asymmetric, jws))) {
                return true;
            }
        }
        return false;
    }

    private static Optional<JWSObject> parse(String token) {
        try {
            return Optional.of(JWSObject.parse(token));
        } catch (ParseException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static boolean isSignedWith(AsymmetricJWK key, JWSObject jws) {
        try {
            JWSVerifier verifier =
                    new DefaultJWSVerifierFactory().createJWSVerifier(jws.getHeader(), key.toPublicKey());
            return jws.verify(verifier);
        } catch (JOSEException e) {
            // The key does not fit the algorithm, such as one of another curve.
            return false;
        }
    }

    private TokenCheck checkClaims(String token, Claims claims) {
        if (claims.text("iss").isEmpty() || claims.text("sub").isEmpty() || claims.instant("exp").isEmpty()
                || (claims.has("nbf") && claims.instant("nbf").isEmpty())
                || (claims.has("iat") && claims.instant("iat").isEmpty())
                || (claims.has("jti") && claims.text("jti").isEmpty())) {
            return BAD_CLAIMS;
        }
        if (!claims.text("iss").get().equals(rules.issuer()) || !claims.texts("aud").contains(rules.audience())) {
            return OTHER_ISSUER;
        }
        for (String name : REFUSED_CLAIMS) {
            if (claims.has(name)) {
                return BAD_HEADER;
            }
        }
        Optional<TokenCheck.Rejected> untimely = checkTimes(claims);
        return untimely.isPresent() ? untimely.get() : accepted(token, claims);
    }

    private Optional<TokenCheck.Rejected> checkTimes(Claims claims) {
        Instant now = clock.instant();
        Duration skew = limits.clockSkew();
        Instant ends = claims.instant("exp").orElseThrow();
        if (!ends.plus(skew).isAfter(now)) {
            return Optional.of(EXPIRED);
        }
        if (claims.instant("nbf").orElse(Instant.EPOCH).isAfter(now.plus(skew))
                || claims.instant("iat").orElse(Instant.EPOCH).isAfter(now.plus(skew))) {
            return Optional.of(TOO_EARLY);
        }
        return ends.isAfter(now.plus(limits.longestLife())) ? Optional.of(TOO_LONG_LIVED) : Optional.empty();
    }

    private TokenCheck accepted(String token, Claims claims) {
        try {
            var user = new UserId(rules.issuer(), claims.text("sub").orElseThrow());
            TokenMarks marks = TokenMarks.of(token, user, claims.text("jti"), claims.instant("iat"));
            if (revocations.isRevoked(marks)) {
                return REVOKED;
            }
            Instant until = claims.instant("exp").orElseThrow().plus(limits.clockSkew());
            return new TokenCheck.Accepted(user, until, claims.texts("roles").contains(OPERATOR), marks);
        } catch (IllegalArgumentException e) {
            return BAD_SUBJECT;
        }
    }

    /** Whether a NumericDate can be computed with. */
    static boolean isInRange(long epochSecond) {
        return epochSecond >= 0 && epochSecond <= LAST_INSTANT.getEpochSecond();
    }
}
