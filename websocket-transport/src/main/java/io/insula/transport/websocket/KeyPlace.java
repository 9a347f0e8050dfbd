package io.insula.transport.websocket;

import com.nimbusds.jose.jwk.JWKSet;
import java.net.URI;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;

/** Where the keys come from that tokens are checked with: from one place. */
public sealed interface KeyPlace {
    /**
     * Keys that are known from the start and never change.
     *
     * @param keys private parts are dropped
     */
    record Given(JWKSet keys) implements KeyPlace {
        /**
         * Checks that tokens can be checked with them.
         *
         * @throws IllegalArgumentException if there is none, or one is a shared secret or too short
         */
        public Given {
            try {
                keys = KeySets.checked(keys);
            } catch (KeysUnreadableException e) {
                throw new IllegalArgumentException(e.why().sentence(), e);
            }
        }
    }

    /**
     * A file that holds a JWK set, and is read again when it changes.
     *
     * @param path its path
     */
    record File(Path path) implements KeyPlace {}

    /**
     * An address that answers with a JWK set, and is asked again and again.
     *
     * @param address {@code https}, or {@code http} of this machine
     */
    record Address(URI address) implements KeyPlace {
        private static final Set<String> THIS_MACHINE = Set.of("localhost", "127.0.0.1", "[::1]");

        /**
         * Checks that nobody on the way can exchange the keys.
         *
         * @throws IllegalArgumentException if it is no such address, or holds a password or a fragment
         */
        public Address {
            String host = address.getHost() == null ? "" : address.getHost().toLowerCase(Locale.ROOT);
            boolean safe = ("https".equals(address.getScheme()) && !host.isEmpty())
                    || ("http".equals(address.getScheme()) && THIS_MACHINE.contains(host));
            if (!safe || address.getRawUserInfo() != null || address.getRawFragment() != null) {
                throw new IllegalArgumentException(
                        "must be an https address, or http of localhost, 127.0.0.1 or [::1], without a password and"
                                + " a fragment");
            }
        }
    }
}
