package io.insula.transport.websocket;

import com.nimbusds.jose.jwk.JWK;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BooleanSupplier;

/**
 * The signatures that were found to be good lately, so that a client that comes again, as all do at once behind a break
 * of the network, does not cost the check of a signature again. Nothing else about a token is remembered: its times, its
 * claims and whether it was revoked are looked at each time, and so is whether the key is still accepted.
 *
 * <p>Safe for any number of threads. The check itself is done without a lock.
 */
final class KnownSignatures {
    /** So many are remembered; then the one that was used longest ago is forgotten. */
    static final int MOST = 20_000;

    private final Object lock = new Object();
    /** Guarded by lock. */
    private final LinkedHashMap<Signed, Boolean> good = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Signed, Boolean> eldest) {
            return size() > MOST;
        }
    };

    /** A whole token by its SHA-256, and the key that it is signed with. */
    private record Signed(JWK key, long first, long second, long third, long fourth) {
        static Signed of(JWK key, String token) {
            try {
                ByteBuffer digest = ByteBuffer.wrap(MessageDigest.getInstance("SHA-256")
                        .digest(token.getBytes(StandardCharsets.UTF_8)));
                return new Signed(key, digest.getLong(), digest.getLong(), digest.getLong(), digest.getLong());
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("every Java has SHA-256", e);
            }
        }
    }

    /** Whether the token is signed with the key, as {@code check} says if it is not known. */
    boolean isGood(JWK key, String token, BooleanSupplier check) {
        Signed signed = Signed.of(key, token);
        synchronized (lock) {
            if (good.get(signed) != null) {
                return true;
            }
        }
        if (!check.getAsBoolean()) {
            return false;
        }
        synchronized (lock) {
            good.put(signed, true);
        }
        return true;
    }
}
