package io.insula.app;

import com.nimbusds.jose.jwk.JWKSet;
import io.insula.transport.websocket.KeyPlace;
import io.insula.transport.websocket.TokenAuthority;
import io.insula.transport.websocket.TokenRevocations;
import io.insula.transport.websocket.TokenRules;
import java.io.IOException;
import java.time.InstantSource;
import java.util.concurrent.ThreadFactory;

/** Who decides about users' tokens: this installation with its own key, or somebody else, by configuration. */
final class UserTokens {
    private UserTokens() {}

    /**
     * Decides by the configuration, with keys that are being read. The installation's own key opens the port for
     * operators in any case: whoever can read it can read everything else.
     *
     * @throws FailedException if the file of keys or that of revocations cannot be used
     */
    static TokenAuthority authority(
            Configuration configuration, DataFolder data, SigningKey key, InstantSource clock, ThreadFactory threads)
            throws FailedException {
        var own = new TokenRules(
                configuration.issuer(),
                configuration.audience(),
                TokenRules.DEFAULT_ALGORITHMS,
                new KeyPlace.Given(new JWKSet(key.publicKey())));
        var rules = configuration.tokens().foreignKeys().map(
                place -> new TokenRules(
                        configuration.issuer(), configuration.audience(), configuration.tokens().algorithms(), place))
                .orElse(own);
        var authority = new TokenAuthority(
                rules,
                own,
                configuration.tokens().limits(),
                revocations(configuration, data, clock),
                clock,
                System::nanoTime,
                threads);
        try {
            authority.start();
            return authority;
        } catch (IOException e) {
            authority.close();
            throw new FailedException(
                    place(configuration) + " cannot be used: " + e.getMessage() + ".", e);
        }
    }

    /**
     * What was revoked, for the process that holds the data folder.
     *
     * @throws FailedException if it cannot be read or written
     */
    static TokenRevocations revocations(Configuration configuration, DataFolder data, InstantSource clock)
            throws FailedException {
        try {
            return TokenRevocations.open(data.revocations(), configuration.tokens().limits(), clock);
        } catch (IOException e) {
            throw new FailedException(
                    "The revoked tokens in " + data.revocations() + " cannot be read (" + DataFolder.reason(e)
                            + "). Without them revoked tokens would be accepted again. Mend the file, or delete it if no"
                            + " token that is in it matters.",
                    e);
        }
    }

    /**
     * Sees to it that Insula makes users' tokens itself.
     *
     * @throws FailedException if they come from somebody else
     */
    static void requireOwnKey(Configuration configuration) throws FailedException {
        if (configuration.tokens().foreignKeys().isPresent()) {
            throw new FailedException(
                    "Insula makes no tokens for users here: they come from " + configuration.issuer() + " ("
                            + place(configuration) + "). Get one there, and hand it over in INSULA_TOKEN.");
        }
    }

    private static String place(Configuration configuration) {
        return configuration.tokens().foreignKeys().map(place -> switch (place) {
            case KeyPlace.Given given -> "the keys that are given";
            case KeyPlace.File(var path) -> SettingTable.AUTH_KEYS_FILE + " = " + path;
            case KeyPlace.Address(var address) -> SettingTable.AUTH_KEYS_URL + " = " + address;
        }).orElse("the key of this installation");
    }
}
