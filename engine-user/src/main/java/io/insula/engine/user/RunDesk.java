package io.insula.engine.user;

import io.insula.agent.RunId;
import io.insula.agent.UserId;
import io.insula.engine.api.ErrorCode;
import io.insula.engine.api.Page;
import io.insula.engine.api.PageRequest;
import io.insula.engine.api.RefusedException;
import io.insula.engine.api.RunView;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Where a user looks after runs that were accepted: shows them, and stops them. */
final class RunDesk {
    private final UserId user;
    private final RoomLock lock;
    private final RoomParts parts;
    private final RunBoard board;

    RunDesk(UserId user, RoomLock lock, RoomParts parts, RunBoard board) {
        this.user = user;
        this.lock = lock;
        this.parts = parts;
        this.board = board;
    }

    /** Stops a run, unless it has ended; completes when its end is durable. */
    CompletionStage<RunView> cancel(RunId run) {
        lock.requireHeld();
        Optional<LiveRun> found = board.find(run);
        if (found.isPresent()) {
            if (!found.get().ended) {
                board.end(found.get(), new Ending.Cancelled());
            }
            return found.get().terminated.minimalCompletionStage();
        }
        return parts.journal()
                .run(user, run)
                .map(record -> CompletableFuture.completedStage(record.view()))
                .orElseGet(() -> CompletableFuture.failedStage(unknown()));
    }

    RunView view(RunId run) throws RefusedException {
        return parts.journal().run(user, run).map(RunRecord::view).orElseThrow(RunDesk::unknown);
    }

    Page<RunView> views(PageRequest page) throws RefusedException {
        return parts.journal().runs(user, page);
    }

    private static RefusedException unknown() {
        return new RefusedException(ErrorCode.RUN_UNKNOWN, "There is no such run.");
    }
}
