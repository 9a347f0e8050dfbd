package io.insula.transport.websocket;

import io.insula.agent.ThreadId;
import io.insula.agent.UserId;
import io.insula.engine.api.ErrorCode;
import io.insula.engine.api.RefusedException;
import io.insula.engine.api.UserExecutionEngine;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;

/** What a user can do with threads over HTTP. */
final class ThreadRequests {
    private static final String PREFIX = "/threads/";
    private static final String FORK = "/fork";

    private final Surroundings surroundings;
    private final Authentication authentication;
    private final UserExecutionEngine.Directory directory;
    private final UserPlaces places;
    private final RequestBody bodies;

    ThreadRequests(
            Surroundings surroundings,
            Authentication authentication,
            UserExecutionEngine.Directory directory,
            UserPlaces places) {
        this.surroundings = surroundings;
        this.authentication = authentication;
        this.directory = directory;
        this.places = places;
        this.bodies = new RequestBody(surroundings);
    }

    /** Whether the path is that of forking a thread. */
    static boolean isFork(String path) {
        return path.startsWith(PREFIX)
                && path.endsWith(FORK)
                && path.length() > PREFIX.length() + FORK.length()
                && path.indexOf('/', PREFIX.length()) == path.length() - FORK.length();
    }

    /**
     * Blocks while it reads the request.
     *
     * @return the body of the answer, when the new thread is durable; fails with {@link RefusedException}
     */
    CompletionStage<byte[]> fork(Request request) throws RequestRefusedException {
        UserId user = authentication.authenticate(request).user();
        ThreadId thread = thread(Request.getPathInContext(request));
        UserRooms.Place place = places.enter(user, UserRooms.Purpose.UPLOAD);
        try {
            MessageMembers body = bodies.read(request, "message", "newThread");
            String message = body.text("message");
            Optional<ThreadId> fork = body.optionalNewThread();
            UserExecutionEngine.Lease lease = directory.open(user);
            return lease.engine()
                    .fork(thread, message, fork)
                    .thenApply(surroundings.bodies()::threadBegun)
                    .whenComplete((answer, failure) -> lease.close());
        } catch (UnreadableMessage e) {
            throw RequestBody.refused(e);
        } catch (RefusedException why) {
            throw RequestRefusedException.of(why);
        } finally {
            places.leave(place);
        }
    }

    private static ThreadId thread(String path) throws RequestRefusedException {
        try {
            return new ThreadId(path.substring(PREFIX.length(), path.length() - FORK.length()));
        } catch (IllegalArgumentException e) {
            throw new RequestRefusedException(
                    HttpStatus.BAD_REQUEST_400, ErrorCode.FIELD_INVALID, "The address names no thread's id.");
        }
    }
}
