package io.insula.engine.user;

import io.insula.agent.UserId;
import io.insula.engine.api.ErrorCode;
import io.insula.engine.user.EventJournal.Appended;
import io.insula.engine.user.EventJournal.JournalException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The way of everything that is appended of a run into the journal: behind the text that waits, and with an eye on when
 * nothing is under way any more. Used under the room's lock.
 */
final class RunAppends {
    private final UserId user;
    private final RoomLock lock;
    private final RoomParts parts;
    private final BiConsumer<LiveRun, Ending> end;

    /**
     * Makes the way for one user's runs.
     *
     * @param end ends a run, if it has not ended
     */
    RunAppends(UserId user, RoomLock lock, RoomParts parts, BiConsumer<LiveRun, Ending> end) {
        this.user = user;
        this.lock = lock;
        this.parts = parts;
        this.end = end;
    }

    /** Appends what waits of the run, and then this. */
    CompletionStage<Appended> append(LiveRun run, JournalAppend append) {
        lock.requireHeld();
        if (run.torn) {
            return CompletableFuture.failedFuture(JournalException.ofJournal("the run lost what it wrote before"));
        }
        JournalAppend whole = run.deltas.before(run, parts.events(), append);
        run.eventBytes += whole.bytes();
        run.appendsUnderWay++;
        return parts.journal()
                .append(user, whole)
                .whenComplete((place, failure) -> lock.run(() -> appended(run, failure)));
    }

    private void appended(LiveRun run, @Nullable Throwable failure) {
        // What comes later may find the journal well again, and would be a log with a hole: the run goes on, if it
        // does, from what is kept of it.
        run.torn |= failure instanceof JournalException lost && lost.isOfJournal();
        run.appendsUnderWay--;
        if (run.appendsUnderWay == 0 && !run.deltas.isEmpty() && !run.ended) {
            flush(run);
        }
    }

    /** Takes a piece of text: on its own way at once, or joined with others if something is under way. */
    void write(LiveRun run, OpenItems.Writing item, String piece) {
        lock.requireHeld();
        if (run.deltas.isTooFullFor(piece)) {
            flush(run);
        }
        run.deltas.add(item, piece);
        if (run.appendsUnderWay == 0) {
            flush(run);
        }
    }

    private void flush(LiveRun run) {
        append(run, new JournalAppend()).whenComplete((place, failure) -> {
            if (failure != null) {
                end.accept(run, unwritable());
            }
        });
    }

    /** How a run ends whose output is lost. */
    static Ending unwritable() {
        return new Ending.Failed(ErrorCode.JOURNAL_UNAVAILABLE, "The journal cannot be written.");
    }
}
