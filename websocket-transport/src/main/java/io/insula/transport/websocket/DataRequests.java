package io.insula.transport.websocket;

import io.insula.agent.UserId;
import io.insula.engine.api.RefusedException;
import io.insula.engine.api.UserExecutionEngine;
import java.util.concurrent.CompletionStage;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** What a user can do with all data at once, over HTTP: take it along, and have it erased. */
final class DataRequests {
    /** What has to be said to erase: nobody sends it by mistake. */
    private static final String ALL = "all my data";

    private final Surroundings surroundings;
    private final Authentication authentication;
    private final UserExecutionEngine.Directory directory;
    private final UserPlaces places;
    private final RequestBody bodies;

    DataRequests(
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

    /** Answers with the archive. Blocks until it is taken. */
    void export(Request request, Response response, Callback callback) throws RequestRefusedException {
        UserId user = authentication.authenticate(request).user();
        UserRooms.Place place = places.enter(user, UserRooms.Purpose.UPLOAD);
        try (UserExecutionEngine.Lease lease = directory.open(user)) {
            UserPlaces.cutWithEngine(lease, request);
            ArchiveResponse.answer(
                    response, callback, "insula-export.zip", surroundings.limits(), surroundings.nanoTime(),
                    lease.engine()::export);
        } catch (RefusedException why) {
            throw RequestRefusedException.of(why);
        } finally {
            places.leave(place);
        }
    }

    /**
     * Blocks while it reads the request.
     *
     * @return the body of the answer, when nothing of the user is left; fails with {@link RefusedException}
     */
    CompletionStage<byte[]> erase(Request request) throws RequestRefusedException {
        UserId user = authentication.authenticate(request).user();
        UserRooms.Place place = places.enter(user, UserRooms.Purpose.UPLOAD);
        try {
            MessageMembers body = bodies.read(request, "erase");
            if (!body.text("erase").equals(ALL)) {
                throw body.invalid("\"erase\" must be \"" + ALL + "\".");
            }
            UserExecutionEngine.Lease lease = directory.open(user);
            return lease.engine()
                    .erase()
                    .thenApply(gone -> surroundings.bodies().erased())
                    .whenComplete((answer, failure) -> lease.close());
        } catch (UnreadableMessage e) {
            throw RequestBody.refused(e);
        } catch (RefusedException why) {
            throw RequestRefusedException.of(why);
        } finally {
            places.leave(place);
        }
    }
}
