package io.insula.transport.websocket;

import com.nimbusds.jose.jwk.AsymmetricJWK;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.OctetSequenceKey;
import com.nimbusds.jose.jwk.RSAKey;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.List;

/** Takes sets of keys as a whole or not at all. */
final class KeySets {
    private static final int FEWEST_RSA_BITS = 2_048;

    private KeySets() {}

    /** The public keys in a JWK set's JSON. */
    static JWKSet parse(byte[] json, int mostKeys) throws KeysUnreadableException {
        JWKSet keys;
        try {
            keys = JWKSet.parse(StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(json)).toString());
        } catch (CharacterCodingException | ParseException | RuntimeException e) {
            // Of some JSON that is no set, such as null, the library makes exceptions that it does not declare.
            throw new KeysUnreadableException(KeyTrouble.NOT_A_KEY_SET);
        }
        if (keys.size() > mostKeys) {
            throw new KeysUnreadableException(KeyTrouble.TOO_MANY_KEYS);
        }
        return checked(keys);
    }

    /** The public parts of the keys that can have signed a token. */
    static JWKSet checked(JWKSet keys) throws KeysUnreadableException {
        List<JWK> signing = new ArrayList<>();
        for (JWK key : keys.getKeys()) {
            if (key instanceof OctetSequenceKey) {
                throw new KeysUnreadableException(KeyTrouble.SHARED_SECRET);
            }
            if (key instanceof RSAKey && key.size() < FEWEST_RSA_BITS) {
                throw new KeysUnreadableException(KeyTrouble.WEAK_KEY);
            }
            if (key instanceof AsymmetricJWK && !KeyUse.ENCRYPTION.equals(key.getKeyUse())) {
                signing.add(key);
            }
        }
        if (signing.isEmpty()) {
            throw new KeysUnreadableException(KeyTrouble.NO_KEY);
        }
        return new JWKSet(signing).toPublicJWKSet();
    }
}
