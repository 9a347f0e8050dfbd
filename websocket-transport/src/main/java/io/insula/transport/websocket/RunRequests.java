package io.insula.transport.websocket;

import io.insula.agent.RunId;
import io.insula.agent.UserId;
import io.insula.engine.api.ErrorCode;
import io.insula.engine.api.RefusedException;
import io.insula.engine.api.UserExecutionEngine;
import java.util.concurrent.CompletionStage;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;

/** What a user can do with runs over HTTP. */
final class RunRequests {
    private static final String PREFIX = "/runs/";
    private static final String CANCEL = "/cancel";

    private final Surroundings surroundings;
    private final Authentication authentication;
    private final UserExecutionEngine.Directory directory;
    private final UserPlaces places;

    RunRequests(
            Surroundings surroundings,
            Authentication authentication,
            UserExecutionEngine.Directory directory,
            UserPlaces places) {
        this.surroundings = surroundings;
        this.authentication = authentication;
        this.directory = directory;
        this.places = places;
    }

    /** Whether the path is that of stopping a run. */
    static boolean isCancel(String path) {
        return path.startsWith(PREFIX)
                && path.endsWith(CANCEL)
                && path.length() > PREFIX.length() + CANCEL.length()
                && path.indexOf('/', PREFIX.length()) == path.length() - CANCEL.length();
    }

    /** The body of the answer, when the run's end is durable; fails with {@link RefusedException}. */
    CompletionStage<byte[]> cancel(Request request) throws RequestRefusedException {
        UserId user = authentication.authenticate(request).user();
        RunId run = run(Request.getPathInContext(request));
        UserRooms.Place place = places.enter(user, UserRooms.Purpose.UPLOAD);
        try {
            UserExecutionEngine.Lease lease = directory.open(user);
            return lease.engine()
                    .cancel(run)
                    .thenApply(surroundings.bodies()::run)
                    .whenComplete((answer, failure) -> lease.close());
        } catch (RefusedException why) {
            throw RequestRefusedException.of(why);
        } finally {
            places.leave(place);
        }
    }

    private static RunId run(String path) throws RequestRefusedException {
        try {
            return new RunId(path.substring(PREFIX.length(), path.length() - CANCEL.length()));
        } catch (IllegalArgumentException e) {
            throw new RequestRefusedException(
                    HttpStatus.BAD_REQUEST_400, ErrorCode.FIELD_INVALID, "The address names no run's id.");
        }
    }
}
