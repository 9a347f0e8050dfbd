package io.insula.engine.user;

import io.insula.agent.UserId;
import io.insula.engine.user.EventJournal.Appended;
import io.insula.engine.user.EventJournal.JournalException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * The way of everything that is appended of a run into the journal: behind the text that waits, and with an eye on when
 * nothing is under way any more. Used under the room's lock.
 */
final class RunAppends {
    private final UserId user;
    private final RoomLock lock;
    private final RoomParts parts;
    private final Losses losses;
    /** Appends that are not durable yet, of whatever run, also of those that this room has let go. */
    private int underWay;

    /** Who is told, under the room's lock, that something of a run was not written. */
    interface Losses {
        /**
         * An append of the run was not written.
         *
         * @param ofJournal whether the journal failed, and not this append alone
         */
        void lost(LiveRun run, boolean ofJournal);

        /** Nothing of a run that lost something is under way any more. */
        void settled(LiveRun run);
    }

    RunAppends(UserId user, RoomLock lock, RoomParts parts, Losses losses) {
        this.user = user;
        this.lock = lock;
        this.parts = parts;
        this.losses = losses;
    }

    /** Whether nothing of any run is on its way into the journal. */
    boolean areDone() {
        lock.requireHeld();
        return underWay == 0;
    }

    /** Appends what waits of the run, and then this. */
    CompletionStage<Appended> append(LiveRun run, JournalAppend append) {
        lock.requireHeld();
        if (run.torn) {
            return CompletableFuture.failedFuture(JournalException.ofJournal("the run lost what it wrote before"));
        }
        JournalAppend whole = run.deltas.before(run, parts.events(), append).in(run.chain);
        run.eventBytes += whole.bytes();
        run.appendsUnderWay++;
        underWay++;
        return parts.journal()
                .append(user, whole)
                .whenComplete((place, failure) -> lock.run(() -> appended(run, failure)));
    }

    private void appended(LiveRun run, @Nullable Throwable failure) {
        run.appendsUnderWay--;
        underWay--;
        if (failure != null) {
            // What comes later may find the journal well again, and would be a log with a hole: whatever becomes of
            // the run is made from what is kept of it.
            run.torn = true;
            losses.lost(run, isOfJournal(failure));
        }
        if (run.appendsUnderWay == 0 && run.torn) {
            losses.settled(run);
        } else if (run.appendsUnderWay == 0 && !run.deltas.isEmpty() && !run.ended) {
            flush(run);
        }
    }

    /** Whether the journal failed, and not an append alone. */
    static boolean isOfJournal(Throwable failure) {
        return cause(failure) instanceof JournalException lost && lost.isOfJournal();
    }

    /** Why an append failed. */
    static @Nullable Throwable cause(Throwable failure) {
        return failure instanceof CompletionException wrapped ? wrapped.getCause() : failure;
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
        // Whoever has to know of a loss is told where the append comes back.
        CompletionStage<Appended> _ = append(run, new JournalAppend());
    }
}
