package io.insula.transport.websocket;

import io.insula.engine.api.ErrorCode;
import io.insula.engine.api.EventSubscription;
import io.insula.engine.api.Position;
import io.insula.engine.api.RefusedException;
import io.insula.engine.api.SubscribeFrom;
import io.insula.engine.api.UserExecutionEngine;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.server.Request;

/** Decides about an upgrade while refusing is still easy, and makes the connection with all that it will hold. */
final class UpgradeDoor {
    /** The one subprotocol. */
    static final String PROTOCOL = "insula.v1";

    private static final String VERSION = "13";
    private static final int KEY_BYTES = 16;

    private final Surroundings surroundings;
    private final Authentication authentication;
    private final Admissions admissions;
    private final LiveConnections live;

    UpgradeDoor(
            Surroundings surroundings,
            Authentication authentication,
            Admissions admissions,
            LiveConnections live) {
        this.surroundings = surroundings;
        this.authentication = authentication;
        this.admissions = admissions;
        this.live = live;
    }

    ClientConnection admit(Request request) throws RequestRefusedException {
        checkHandshake(request);
        List<String> protocols = request.getHeaders().getCSV(HttpHeader.SEC_WEBSOCKET_SUBPROTOCOL, false);
        TokenCheck.Accepted token = authentication.authenticate(request, protocols);
        if (!protocols.contains(PROTOCOL)) {
            throw malformed("Offer the subprotocol \"" + PROTOCOL + "\".");
        }
        return connect(admissions.admit(token));
    }

    /** Whatever fails on the way, the place and the engine are given back. */
    private ClientConnection connect(ClientConnection.Admission admission) throws RequestRefusedException {
        var connection = new ClientConnection(surroundings, admission, live);
        live.add(connection);
        try {
            connection.greet(welcome(admission.id(), admission.lease().engine()));
            connection.followEngine();
            return connection;
        } catch (RefusedException why) {
            connection.abandon();
            throw RequestRefusedException.of(why);
        } catch (RuntimeException | Error failure) {
            connection.abandon();
            throw failure;
        }
    }

    private byte[] welcome(String id, UserExecutionEngine engine) throws RefusedException {
        TransportLimits.Messages limits = surroundings.limits().messages();
        return surroundings
                .messages()
                .welcome(
                        engine.user(),
                        id,
                        head(engine),
                        engine.agents(),
                        new ServerMessages.WelcomeLimits(engine.limits(), limits.messageBytes(), limits.perMinute()));
    }

    private static Position head(UserExecutionEngine engine) throws RefusedException {
        try (EventSubscription now = engine.subscribe(new SubscribeFrom.Now(), () -> {})) {
            return now.from();
        }
    }

    /** As RFC 6455 4.2.1 says; the library would let some of it pass, and answer the rest as not found. */
    private static void checkHandshake(Request request) throws RequestRefusedException {
        if (request.getConnectionMetaData().getHttpVersion() != HttpVersion.HTTP_1_1
                || !hasToken(request, HttpHeader.UPGRADE, "websocket")
                || !hasToken(request, HttpHeader.CONNECTION, "upgrade")) {
            throw new RequestRefusedException(
                    HttpStatus.UPGRADE_REQUIRED_426,
                    ErrorCode.REQUEST_INVALID,
                    "This address speaks WebSocket: ask for an upgrade over HTTP/1.1.");
        }
        List<String> versions = request.getHeaders().getValuesList(HttpHeader.SEC_WEBSOCKET_VERSION);
        if (versions.size() != 1 || !versions.getFirst().strip().equals(VERSION)) {
            throw new RequestRefusedException(
                    HttpStatus.UPGRADE_REQUIRED_426,
                    ErrorCode.REQUEST_INVALID,
                    "Only version " + VERSION + " of WebSocket is spoken here.");
        }
        List<String> keys = request.getHeaders().getValuesList(HttpHeader.SEC_WEBSOCKET_KEY);
        if (keys.size() != 1 || !isKey(keys.getFirst())) {
            throw malformed("Sec-WebSocket-Key must be given once, as " + KEY_BYTES + " bytes in base64.");
        }
    }

    private static boolean hasToken(Request request, HttpHeader header, String token) {
        for (String value : request.getHeaders().getCSV(header, false)) {
            if (value.toLowerCase(Locale.ROOT).equals(token)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isKey(String key) {
        try {
            byte[] bytes = Base64.getDecoder().decode(key.strip());
            return bytes.length == KEY_BYTES && Base64.getEncoder().encodeToString(bytes).equals(key.strip());
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static RequestRefusedException malformed(String detail) {
        return new RequestRefusedException(HttpStatus.BAD_REQUEST_400, ErrorCode.REQUEST_INVALID, detail);
    }
}
