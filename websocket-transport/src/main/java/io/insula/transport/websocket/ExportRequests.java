package io.insula.transport.websocket;

import java.io.IOException;

/** Lets users take all their data along. */
final class ExportRequests {
    private final Surroundings surroundings;
    private final EngineCalls calls;

    ExportRequests(Surroundings surroundings, EngineCalls calls) {
        this.surroundings = surroundings;
        this.calls = calls;
    }

    /** Answers with the archive. Blocks until it is taken. */
    void export(Call call) throws RequestRefusedException, IOException {
        calls.work(call, UserRooms.Purpose.UPLOAD, lease -> {
            UserPlaces.cutWithEngine(lease, call.request());
            ArchiveResponse.answer(
                    call.response(), call.callback(), "insula-export.zip", surroundings.limits(),
                    surroundings.nanoTime(), lease.engine()::export);
            return call;
        });
    }
}
