package io.insula.engine.user;

import io.insula.agent.UserId;
import io.insula.engine.api.ErrorCode;
import io.insula.engine.api.RefusedException;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;

/** Gives a user's data out, to one caller at a time. */
final class Exports {
    private static final Duration RETRY = Duration.ofSeconds(5);

    private final UserId user;
    private final RoomParts parts;
    private final RoomErasure erasure;
    private final AtomicBoolean underWay = new AtomicBoolean();

    Exports(UserId user, RoomParts parts, RoomErasure erasure) {
        this.user = user;
        this.parts = parts;
        this.erasure = erasure;
    }

    void write(OutputStream target) throws RefusedException, IOException {
        erasure.enterFiles();
        try {
            writeAlone(target);
        } finally {
            erasure.leaveFiles();
        }
    }

    private void writeAlone(OutputStream target) throws RefusedException, IOException {
        boolean alone = underWay.compareAndSet(false, true);
        if (!alone) {
            throw RefusedException.retryAfter(
                    ErrorCode.EXPORT_UNDER_WAY, "An export of your data is under way. Wait for it to end.", RETRY);
        }
        try {
            new ExportArchive(user, parts, erasure).write(target);
        } finally {
            underWay.set(false);
        }
    }
}
