package io.insula.transport.websocket;

import io.insula.engine.api.ErrorCode;
import io.insula.engine.api.RefusedException;
import io.insula.engine.api.UserExecutionEngine;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.jetty.http.HttpStatus;

/** Lets connections of users in, and gives each what it holds until it ends: a place, and the user's engine. */
final class Admissions {
    private static final int ID_RADIX = 36;

    private final Surroundings surroundings;
    private final TokenAuthority tokens;
    private final UserExecutionEngine.Directory directory;
    private final UserRooms rooms;
    private final AtomicLong connectionCount = new AtomicLong();
    private final String idPrefix;

    Admissions(
            Surroundings surroundings,
            TokenAuthority tokens,
            UserExecutionEngine.Directory directory,
            UserRooms rooms) {
        this.surroundings = surroundings;
        this.tokens = tokens;
        this.directory = directory;
        this.rooms = rooms;
        idPrefix = Long.toString(surroundings.clock().millis(), ID_RADIX) + "-";
    }

    /** For one who comes from outside. */
    ClientConnection.Admission admit(TokenCheck.Accepted token) throws RequestRefusedException {
        return admit(token, rooms.enter(token.user(), UserRooms.Purpose.CONNECTION));
    }

    /**
     * For one whose request had a place, which is given back however this ends.
     *
     * @param place of another purpose than a connection's
     */
    ClientConnection.Admission admit(TokenCheck.Accepted token, UserRooms.Place place)
            throws RequestRefusedException {
        return admit(token, rooms.exchange(place, UserRooms.Purpose.CONNECTION));
    }

    /** Gives back what is held, if no connection has come of it. */
    void giveBack(ClientConnection.Admission admission) {
        try {
            admission.lease().close();
        } finally {
            rooms.leave(admission.place());
        }
    }

    private ClientConnection.Admission admit(TokenCheck.Accepted token, UserRooms.Entry entry)
            throws RequestRefusedException {
        return switch (entry) {
            case UserRooms.Entry.Granted granted -> hold(token, granted.place());
            case UserRooms.Entry.TooOften(Duration retryAfter) -> throw RequestRefusedException.tooOften(retryAfter);
            case UserRooms.Entry.UserFull full -> throw new RequestRefusedException(
                    HttpStatus.TOO_MANY_REQUESTS_429,
                    ErrorCode.TOO_MANY_CONNECTIONS,
                    "You have " + surroundings.limits().connections().perUser()
                            + " connections, as many as one may have; close one.");
            case UserRooms.Entry.AllFull full -> throw new RequestRefusedException(
                    HttpStatus.SERVICE_UNAVAILABLE_503,
                    ErrorCode.PLATFORM_BUSY,
                    "The server has as many connections as it may have; try again later.");
        };
    }

    /** Whatever fails on the way, the place is given back. */
    private ClientConnection.Admission hold(TokenCheck.Accepted token, UserRooms.Place place)
            throws RequestRefusedException {
        try {
            UserExecutionEngine.Lease lease = directory.open(token.user());
            String id = idPrefix + connectionCount.incrementAndGet();
            return new ClientConnection.Admission(id, lease, place, new ConnectionToken(tokens, token));
        } catch (RefusedException why) {
            rooms.leave(place);
            throw RequestRefusedException.of(why);
        } catch (RuntimeException | Error failure) {
            rooms.leave(place);
            throw failure;
        }
    }
}
