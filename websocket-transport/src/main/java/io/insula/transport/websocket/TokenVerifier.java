package io.insula.transport.websocket;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.factories.DefaultJWSVerifierFactory;
import com.nimbusds.jose.jwk.AsymmetricJWK;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKMatcher;
import com.nimbusds.jose.jwk.JWKSelector;
import io.insula.agent.UserId;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Tells whose a token is. A token that is unusual in any way is refused: the keys are only those given, the algorithm
 * only an allowed one, and each part is read once, strictly, before its signature is checked.
 *
 * <p>Safe for any number of threads; blocks for nothing but the computation.
 */
final class TokenVerifier {
    /** The longest token that is looked at. */
    static final int MAX_TOKEN_BYTES = 8 << 10;

    private static final String OPERATOR = "operator";
    private static final Set<String> TYPES = Set.of("jwt", "at+jwt", "application/at+jwt");
    private static final Set<String> FOREIGN_KEYS = Set.of("jku", "jwk", "x5u", "x5c");
    private static final Instant LAST_INSTANT = Instant.parse("9999-12-31T00:00:00Z");

    private static final TokenCheck NOT_A_TOKEN = new TokenCheck.Rejected("The token is not a signed JWT.");
    private static final TokenCheck BAD_SIGNATURE =
            new TokenCheck.Rejected("The token is not signed with a key and algorithm that are accepted here.");
    private static final TokenCheck BAD_CLAIMS =
            new TokenCheck.Rejected("A claim of the token is missing or has a wrong form.");
    private static final TokenCheck OTHER_ISSUER =
            new TokenCheck.Rejected("The token is from another issuer or for another audience.");
    private static final TokenCheck EXPIRED = new TokenCheck.Rejected("The token has expired; get a new one.");
    private static final TokenCheck TOO_EARLY = new TokenCheck.Rejected("The token is not valid yet.");
    private static final TokenCheck BAD_SUBJECT =
            new TokenCheck.Rejected("The token's subject cannot be the name of a user.");

    private final TokenRules rules;
    private final InstantSource clock;
    private final ClaimsReader claimsReader = new ClaimsReader();

    TokenVerifier(TokenRules rules, InstantSource clock) {
        this.rules = rules;
        this.clock = clock;
    }

    TokenCheck check(String token) {
        if (token.length() > MAX_TOKEN_BYTES) {
            return new TokenCheck.Rejected("The token is longer than " + MAX_TOKEN_BYTES + " bytes.");
        }
        String[] parts = token.split("\\.", -1);
        if (parts.length != 3) {
            return NOT_A_TOKEN;
        }
        Optional<Claims> header = decode(parts[0]).flatMap(claimsReader::read);
        Optional<Claims> claims = decode(parts[1]).flatMap(claimsReader::read);
        if (header.isEmpty() || claims.isEmpty() || decodeBytes(parts[2]).isEmpty()) {
            return NOT_A_TOKEN;
        }
        if (!isSigned(header.get(), token)) {
            return BAD_SIGNATURE;
        }
        return checkClaims(claims.get());
    }

    private boolean isSigned(Claims header, String token) {
        if (!rules.algorithms().contains(header.text("alg").orElse("")) || header.has("crit")) {
            return false;
        }
        for (String foreign : FOREIGN_KEYS) {
            if (header.has(foreign)) {
                return false;
            }
        }
        if (header.has("typ")
                && header.text("typ").filter(type -> TYPES.contains(type.toLowerCase(Locale.ROOT))).isEmpty()) {
            return false;
        }
        JWSObject jws;
        try {
            jws = JWSObject.parse(token);
        } catch (ParseException | IllegalArgumentException e) {
            return false;
        }
        JWKMatcher matcher = JWKMatcher.forJWSHeader(jws.getHeader());
        List<JWK> candidates = matcher == null ? List.of() : new JWKSelector(matcher).select(rules.keys());
        for (JWK key : candidates) {
            if (key instanceof AsymmetricJWK asymmetric && isSignedWith(asymmetric, jws)) {
                return true;
            }
        }
        return false;
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

    private TokenCheck checkClaims(Claims claims) {
        if (claims.text("iss").isEmpty() || claims.text("sub").isEmpty() || claims.instant("exp").isEmpty()
                || (claims.has("nbf") && claims.instant("nbf").isEmpty())
                || (claims.has("iat") && claims.instant("iat").isEmpty())) {
            return BAD_CLAIMS;
        }
        if (!claims.text("iss").get().equals(rules.issuer()) || !claims.texts("aud").contains(rules.audience())) {
            return OTHER_ISSUER;
        }
        Instant now = clock.instant();
        Duration skew = rules.clockSkew();
        Instant until = claims.instant("exp").get().plus(skew);
        if (!until.isAfter(now)) {
            return EXPIRED;
        }
        if (claims.instant("nbf").orElse(Instant.EPOCH).isAfter(now.plus(skew))
                || claims.instant("iat").orElse(Instant.EPOCH).isAfter(now.plus(skew))) {
            return TOO_EARLY;
        }
        try {
            return new TokenCheck.Accepted(
                    new UserId(rules.issuer(), claims.text("sub").get()),
                    until,
                    claims.texts("roles").contains(OPERATOR));
        } catch (IllegalArgumentException e) {
            return BAD_SUBJECT;
        }
    }

    private static Optional<String> decode(String part) {
        return decodeBytes(part).flatMap(TokenVerifier::strictText);
    }

    /** Only the one encoding of the bytes: a token must not have a second form under which it would look unknown. */
    private static Optional<byte[]> decodeBytes(String part) {
        if (part.isEmpty()) {
            return Optional.empty();
        }
        try {
            byte[] bytes = Base64.getUrlDecoder().decode(part);
            String again = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
            return again.equals(part) ? Optional.of(bytes) : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static Optional<String> strictText(byte[] utf8) {
        try {
            return Optional.of(StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(utf8)).toString());
        } catch (CharacterCodingException e) {
            return Optional.empty();
        }
    }

    /** Whether a NumericDate can be computed with. */
    static boolean isInRange(long epochSecond) {
        return epochSecond >= 0 && epochSecond <= LAST_INSTANT.getEpochSecond();
    }
}
