package io.insula.engine.user;

import io.insula.agent.RunId;
import io.insula.agent.UserId;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings runs to their end of which the journal lost something although it is well. What is in memory of them is ahead
 * of the log, so that what they have open is read from there. Guarded by the room's lock.
 */
final class RunMends {
    private static final Logger LOG = LoggerFactory.getLogger(RunMends.class);
    /** Between two attempts to write the end of a run. */
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final UserId user;
    private final RoomLock lock;
    private final RoomParts parts;
    private final BiConsumer<LiveRun, Optional<LiveRun>> mended;
    /** What stands for runs whose end is not written. */
    private final Map<RunId, Mend> mends = new OccasionalMap<>();

    private boolean closed;

    private static final class Mend {
        final LiveRun lost;
        boolean begun;
        Alarms.Alarm again = () -> {};

        Mend(LiveRun lost) {
            this.lost = lost;
        }
    }

    /**
     * Makes one for a user.
     *
     * @param mended told what stood for a run and what is kept of it, if it has not ended by that: it is to end now
     */
    RunMends(UserId user, RoomLock lock, RoomParts parts, BiConsumer<LiveRun, Optional<LiveRun>> mended) {
        this.user = user;
        this.lock = lock;
        this.parts = parts;
        this.mended = mended;
    }

    boolean areDone() {
        lock.requireHeld();
        return mends.isEmpty();
    }

    /** Has a run end from what is kept of it, once {@link #begin} is called. */
    void add(LiveRun lost) {
        lock.requireHeld();
        mends.put(lost.id, new Mend(lost));
    }

    /** Nothing of the run is under way any more, if it is one of these. */
    void begin(RunId run) {
        lock.requireHeld();
        Mend mend = mends.get(run);
        if (mend == null || mend.begun) {
            return;
        }
        mend.begun = true;
        if (mend.lost.lostAgain) {
            pause(mend);
        } else {
            lock.afterwards(() -> start(mend));
        }
    }

    private void pause(Mend mend) {
        mend.again = parts.alarms().after(PAUSE, () -> start(mend));
    }

    private void start(Mend mend) {
        // It reads, which is not for the thread of the journal or of the alarms.
        parts.environment().runThreads().newThread(() -> mend(mend)).start();
    }

    private void mend(Mend mend) {
        Optional<LiveRun> kept;
        try {
            kept = kept(mend.lost.id);
        } catch (RuntimeException unread) {
            LOG.warn("what is kept of a run cannot be read exception={}", Faults.describe(unread));
            lock.run(() -> {
                if (isWanted(mend)) {
                    pause(mend);
                }
            });
            return;
        }
        lock.run(() -> {
            if (isWanted(mend)) {
                mends.remove(mend.lost.id);
                mended.accept(mend.lost, kept);
            }
        });
    }

    private boolean isWanted(Mend mend) {
        return mends.get(mend.lost.id) == mend;
    }

    private Optional<LiveRun> kept(RunId id) {
        List<UnfinishedRun> unfinished = parts.journal().unfinishedRuns(user).stream()
                .filter(run -> run.record().id().equals(id))
                .toList();
        return new RoomRecovery(user, parts).recover(unfinished).stream().map(RunMends::asking).findFirst();
    }

    /** The run with its questions open, so that its end withdraws them. */
    private static LiveRun asking(RoomRecovery.Recovered back) {
        LiveRun run = back.run();
        run.lostAgain = true;
        back.questions().forEach((question, asker) -> {
            LiveRun.PendingQuestion pending =
                    new LiveRun.PendingQuestion(question, asker, new CompletableFuture<>(), () -> {});
            run.questions.put(question.id(), pending);
            run.asked.put(question.id(), pending);
        });
        return run;
    }

    /** Whether nothing is mended here any more. */
    boolean isClosed() {
        lock.requireHeld();
        return closed;
    }

    /** Leaves what is not mended to the next room. */
    void close() {
        lock.requireHeld();
        closed = true;
        mends.values().forEach(mend -> mend.again.cancel());
        mends.clear();
    }
}
