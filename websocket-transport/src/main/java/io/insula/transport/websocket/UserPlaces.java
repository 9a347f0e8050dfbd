package io.insula.transport.websocket;

import io.insula.agent.UserId;
import io.insula.engine.api.ErrorCode;
import io.insula.engine.api.UserExecutionEngine;
import java.time.Duration;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;

/** Lets requests of users in that keep a thread for a while, or refuses them as a problem. */
final class UserPlaces {
    private final UserRooms rooms;

    UserPlaces(UserRooms rooms) {
        this.rooms = rooms;
    }

    /** A place, to be given back with {@link #leave}. */
    UserRooms.Place enter(UserId user, UserRooms.Purpose purpose) throws RequestRefusedException {
        return switch (rooms.enter(user, purpose)) {
            case UserRooms.Entry.Granted granted -> granted.place();
            case UserRooms.Entry.TooOften(Duration retryAfter) -> throw RequestRefusedException.tooOften(retryAfter);
            case UserRooms.Entry.UserFull full -> throw new RequestRefusedException(
                    HttpStatus.TOO_MANY_REQUESTS_429,
                    ErrorCode.TOO_MANY_CONNECTIONS,
                    "You have as many requests of this kind under way as one may have; wait for one to end.");
            case UserRooms.Entry.AllFull full -> throw new RequestRefusedException(
                    HttpStatus.SERVICE_UNAVAILABLE_503,
                    ErrorCode.PLATFORM_BUSY,
                    "The server has as many requests of this kind under way as it may have; try again later.");
        };
    }

    void leave(UserRooms.Place place) {
        rooms.leave(place);
    }

    /** Has a request end with its user's engine: without this it would wait for a peer that may send or take nothing. */
    static void cutWithEngine(UserExecutionEngine.Lease lease, Request request) {
        lease.ended().thenAccept(
                why -> request.getConnectionMetaData().getConnection().getEndPoint().close());
    }
}
