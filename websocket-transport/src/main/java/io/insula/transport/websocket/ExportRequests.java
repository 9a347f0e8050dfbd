package io.insula.transport.websocket;

import io.insula.agent.UserId;
import io.insula.engine.api.RefusedException;
import io.insula.engine.api.UserExecutionEngine;

/** Lets users take all their data along. */
final class ExportRequests {
    private final Surroundings surroundings;
    private final Authentication authentication;
    private final UserExecutionEngine.Directory directory;
    private final UserPlaces places;

    ExportRequests(
            Surroundings surroundings,
            Authentication authentication,
            UserExecutionEngine.Directory directory,
            UserPlaces places) {
        this.surroundings = surroundings;
        this.authentication = authentication;
        this.directory = directory;
        this.places = places;
    }

    /** Answers with the archive. Blocks until it is taken. */
    void export(Call call) throws RequestRefusedException {
        UserId user = authentication.authenticate(call.request()).user();
        UserRooms.Place place = places.enter(user, UserRooms.Purpose.UPLOAD);
        try (UserExecutionEngine.Lease lease = directory.open(user)) {
            UserPlaces.cutWithEngine(lease, call.request());
            ArchiveResponse.answer(
                    call.response(), call.callback(), "insula-export.zip", surroundings.limits(),
                    surroundings.nanoTime(),
                    lease.engine()::export);
        } catch (RefusedException why) {
            throw RequestRefusedException.of(why);
        } finally {
            places.leave(place);
        }
    }
}
